package org.yifang;

import io.vertx.core.Vertx;

import org.yifang.audit.event.NameSeal;
import org.yifang.audit.log.LogRefused;
import org.yifang.audit.log.Sequencer;
import org.yifang.audit.verify.Reconciliation;
import org.yifang.platform.VertxSetup;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.DatabaseAway;
import org.yifang.platform.data.EmbeddedDatabase;
import org.yifang.platform.data.Fault;
import org.yifang.platform.data.HistoryViews;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
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
    private static final int FAILED = 2;
    private static final int CONFIGURATION = 78;
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String UNDEFINED_COLUMN = "42703";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /// The database of the configuration, and what opens sealed names and keys in it.
    record Opened(Config config, Database database, NameSeal names) {
        static int with(PrintWriter err, Duration statement, ToIntFunction<Opened> work) {
            return guarded(
                    err,
                    () -> {
                        Config config = Config.read(App.environment());
                        return config.database() == null
                                ? embedded(config, statement, work)
                                : on(config, config.database(), statement, work);
                    });
        }

        private static int embedded(Config config, Duration statement, ToIntFunction<Opened> work) {
            try (EmbeddedDatabase embedded = EmbeddedDatabase.start(config.data())) {
                return on(config, embedded.address(), statement, work);
            }
        }

        private static int on(
                Config config,
                org.yifang.platform.config.DatabaseAddress address,
                Duration statement,
                ToIntFunction<Opened> work) {
            Vertx vertx = Vertx.vertx(VertxSetup.options());
            Database database = new Database(vertx, address, 2, statement);
            try {
                NameSeal names = Secrets.of(config, database).names();
                return work.applyAsInt(new Opened(config, database, names));
            } finally {
                database.close().await();
                vertx.close().await();
            }
        }

        private Sequencer sequencer() {
            return new Sequencer(
                    database,
                    names,
                    AuditStart.origin(config),
                    AuditStart.keptCheckpoint(config),
                    InstantSource.system());
        }
    }

    /// Does `work`; whatever fails is told in a line, and never by the exit code of a finding.
    static int guarded(PrintWriter err, Callable<Integer> work) {
        try {
            return work.call();
        } catch (Config.Invalid | DatabaseAway | LogRefused refused) {
            err.println(refused.getMessage());
            err.flush();
            return CONFIGURATION;
        } catch (Exception failure) {
            // What a future failed with arrives here as it was, checked or not.
            err.println(oneLine(failure));
            err.flush();
            return FAILED;
        }
    }

    private static String oneLine(Exception failure) {
        String state = Fault.state(failure);
        if (UNDEFINED_TABLE.equals(state) || UNDEFINED_COLUMN.equals(state)) {
            return "Something is missing in the database ("
                    + failure.getMessage()
                    + "): either it is not yet that of this version, then start the service once,"
                    + " or somebody removed it. Nothing was changed.";
        }
        return "Nothing was compared or changed, because of: " + failure;
    }

    /// `audit reconcile`: compares business tables, events and entries.
    @Command(
            name = "reconcile",
            description = {
                "Compares every change of state, every audit event and every entry of the log, "
                        + "and the"
                        + " log with the checkpoint kept in YIFANG_DATA.",
                "Exit code 0: all of them fit; 1: each line names one that does not; 2: the "
                        + "database"
                        + " could not be read; 78: the configuration cannot be used.",
                "With the embedded database, stop the service first."
            },
            mixinStandardHelpOptions = true)
    static final class Reconcile implements Callable<Integer> {
        /// Millions of events take longer than any request may.
        private static final Duration STATEMENT = Duration.ofHours(2);

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it.
        private CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            return Opened.with(
                    spec.commandLine().getErr(), STATEMENT, opened -> reconcile(opened, out));
        }
    }

    static int reconcile(Opened opened, PrintWriter out) {
        HistoryViews history = new HistoryViews(opened.database());
        String newer = history.newer().orElse(null);
        if (newer != null) {
            out.println(
                    "A newer version of Yifang works on this database, which has its migration "
                            + newer
                            + ": run this with that version. Nothing was compared.");
            out.flush();
            return FAILED;
        }
        if (history.missing(Reconciliation.migrations()).isPresent()) {
            out.println(
                    "The database is not yet that of this version: start the service once, which"
                            + " brings it up to date, then run this again. Nothing was compared.");
            out.flush();
            return FAILED;
        }
        // All events and entries may fit each other and still be those of yesterday's backup.
        String objection = opened.sequencer().objection();
        if (objection != null) {
            out.println("LOG_REFUSED: " + objection);
        }
        boolean keptMissing = opened.sequencer().isKeptMissing();
        if (keptMissing) {
            out.println(
                    "KEPT_MISSING: the checkpoint kept in YIFANG_DATA is gone, though the log has"
                            + " entries: a database that was set back would not be noticed.");
        }
        Reconciliation reconciliation =
                new Reconciliation(opened.database(), opened.names(), opened.config().region());
        List<Reconciliation.Mismatch> found = reconciliation.run();
        found.forEach(one -> out.println(one.kind() + ": " + one.text()));
        int findings = found.size() + (objection == null ? 0 : 1) + (keptMissing ? 1 : 0);
        out.printf("%,d events compared. ", reconciliation.compared());
        out.println(
                findings == 0
                        ? "All is well: every change has its event and every event its entry."
                        : findings == 1 ? "1 finding." : findings + " findings.");
        out.flush();
        return findings == 0 ? GOOD : WRONG;
    }

    /// `audit new-origin`: goes on under a new name after a database was set back.
    @Command(
            name = "new-origin",
            description = {
                "Goes on with the log under a new name and key after its database was set back.",
                "Only when the newer state is lost for good, and with every instance stopped:",
                "auditors see the new name, the old one's last checkpoint, and the reason.",
                "Exit code 0: done; 2: the database could not be changed; 78: not needed, or the"
                        + " configuration cannot be used."
            },
            mixinStandardHelpOptions = true)
    static final class NewOrigin implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it.
        private CommandSpec spec;

        @Option(
                names = "--reason",
                required = true,
                description = "What happened; published with the new name.")
        private String reason = "";

        @Option(
                names = "--anyway",
                description = "Also when the log is whole: when its key became known to others.")
        private boolean anyway;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            return Opened.with(
                    spec.commandLine().getErr(),
                    Duration.ofMinutes(10),
                    opened -> newOrigin(opened, reason, anyway, out));
        }
    }

    static int newOrigin(Opened opened, String reason, boolean anyway, PrintWriter out) {
        Sequencer sequencer = opened.sequencer();
        String objection = sequencer.objection();
        if (objection == null && !anyway) {
            out.println(
                    "The log needs no new origin: the database holds everything that was signed"
                            + " here. A new name makes every auditor ask what happened; if you mean"
                            + " it, add --anyway. Nothing was changed.");
            out.flush();
            return CONFIGURATION;
        }
        if (objection != null) {
            out.println("Until now: " + objection);
        }
        Sequencer.NewOrigin origin = sequencer.startNewOrigin(reason);
        out.printf(
                """
                The log goes on as `%s` with %,d entries. Its verifier key is
                %s
                Start the service now. Give auditors this key by another way than the service, and
                say why: they see `RENAMED`, and what was signed and is lost as `SHORTER`.
                """,
                origin.name(), origin.size(), origin.vkey());
        out.flush();
        return GOOD;
    }
}
