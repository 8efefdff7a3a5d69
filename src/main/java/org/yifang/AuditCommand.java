package org.yifang;

import io.vertx.core.Vertx;

import org.yifang.audit.LogRefused;
import org.yifang.audit.NameSeal;
import org.yifang.audit.Reconciliation;
import org.yifang.audit.Sequencer;
import org.yifang.identity.Seal;
import org.yifang.platform.Config;
import org.yifang.platform.Database;
import org.yifang.platform.EmbeddedDatabase;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToIntFunction;

/// `audit`: what an operator does with the audit log at its database, configured as the service is.
@Command(
        name = "audit",
        description = "Looks after the audit log; configured by the variables of the service.",
        mixinStandardHelpOptions = true,
        subcommands = {AuditCommand.Reconcile.class, AuditCommand.NewOrigin.class})
final class AuditCommand implements Runnable {
    private static final int GOOD = 0;
    private static final int WRONG = 1;
    private static final int CONFIGURATION = 78;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /// The database of the configuration, and what opens sealed names and keys in it.
    private record Opened(Config config, Database database, NameSeal names) {
        static int with(PrintWriter err, Duration statement, ToIntFunction<Opened> work) {
            try {
                Config config = Config.read(App.environment());
                return config.database() == null
                        ? embedded(config, statement, work)
                        : on(config, config.database(), statement, work);
            } catch (Config.Invalid | LogRefused refused) {
                err.println(refused.getMessage());
                err.flush();
                return CONFIGURATION;
            }
        }

        private static int embedded(Config config, Duration statement, ToIntFunction<Opened> work) {
            try (EmbeddedDatabase embedded = EmbeddedDatabase.start(config.data())) {
                return on(config, embedded.address(), statement, work);
            }
        }

        private static int on(
                Config config,
                org.yifang.platform.DatabaseAddress address,
                Duration statement,
                ToIntFunction<Opened> work) {
            Vertx vertx = Vertx.vertx();
            Database database = new Database(vertx, address, 2, statement);
            try {
                NameSeal names = Parts.names(new Seal(Parts.masterKeys(config)));
                return work.applyAsInt(new Opened(config, database, names));
            } finally {
                database.close().await();
                vertx.close().await();
            }
        }
    }

    /// `audit reconcile`: compares business tables, events and entries.
    @Command(
            name = "reconcile",
            description = {
                "Compares every change of state, every audit event and every entry of the log.",
                "Exit code 0: all of them fit; 1: each line names one that does not.",
                "With the embedded database, stop the service first."
            },
            mixinStandardHelpOptions = true)
    static final class Reconcile implements java.util.concurrent.Callable<Integer> {
        /// Millions of events take longer than any request may.
        private static final Duration STATEMENT = Duration.ofHours(2);

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it.
        private CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            return Opened.with(
                    spec.commandLine().getErr(),
                    STATEMENT,
                    opened -> {
                        List<Reconciliation.Mismatch> found =
                                new Reconciliation(
                                                opened.database(),
                                                opened.names(),
                                                opened.config().region())
                                        .run();
                        found.forEach(one -> out.println(one.kind() + ": " + one.text()));
                        out.println(
                                found.isEmpty()
                                        ? "All is well: every change has its event and every event"
                                                + " its entry."
                                        : found.size() + " findings.");
                        out.flush();
                        return found.isEmpty() ? GOOD : WRONG;
                    });
        }
    }

    /// `audit new-origin`: goes on under a new name after a database was set back.
    @Command(
            name = "new-origin",
            description = {
                "Goes on with the log under a new name and key after its database was set back.",
                "Only when the newer state is lost for good, and with every instance stopped:",
                "auditors see the new name, the old one's last checkpoint, and the reason."
            },
            mixinStandardHelpOptions = true)
    static final class NewOrigin implements java.util.concurrent.Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it.
        private CommandSpec spec;

        @Option(
                names = "--reason",
                required = true,
                description = "What happened; published with the new name.")
        private String reason = "";

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            return Opened.with(
                    spec.commandLine().getErr(),
                    Duration.ofMinutes(10),
                    opened -> {
                        Sequencer sequencer =
                                new Sequencer(
                                        opened.database(),
                                        opened.names(),
                                        Parts.origin(opened.config()),
                                        Parts.keptCheckpoint(opened.config()),
                                        InstantSource.system());
                        out.println("The log goes on under a new name. Its verifier key is");
                        out.println(sequencer.startNewOrigin(reason));
                        out.flush();
                        return GOOD;
                    });
        }
    }
}
