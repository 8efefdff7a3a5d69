package org.yifang;

import org.yifang.admin.AdminCommand;
import org.yifang.audit.verify.VerifyCommand;
import org.yifang.identity.signature.NewKeyCommand;
import org.yifang.identity.signature.SignCommand;
import org.yifang.platform.Limits;
import org.yifang.platform.config.Config;
import org.yifang.platform.data.SharedClock;
import org.yifang.platform.operate.Logs;
import org.yifang.simulate.Bench;
import org.yifang.simulate.Simulate;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// The one program: without a sub-command it serves.
@Command(
        name = "yifang",
        mixinStandardHelpOptions = true,
        version = "Yifang " + App.VERSION,
        description = "One prescription, any pharmacy: serves, unless a command says otherwise.",
        subcommands = {
            Simulate.class,
            Bench.class,
            SignCommand.class,
            NewKeyCommand.class,
            PackageCommand.class,
            VerifyCommand.class,
            AuditCommand.class
        })
public final class App implements Runnable {
    /// The version of the program.
    public static final String VERSION = "0.1.0";

    public static void main(String[] args) {
        CommandLine program = new CommandLine(new App());
        program.addSubcommand(new AdminCommand(environment().get("YIFANG_ADMIN_SECRET")));
        int code = program.execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public void run() {
        long began = System.nanoTime();
        AtomicBoolean hasFailed = new AtomicBoolean();
        AtomicBoolean isAsked = new AtomicBoolean();
        Service service = Service.waiting(step -> System.out.println("  " + step + " …"));
        try {
            Config config = Config.read(environment());
            if (config.operating().jsonLogs()) {
                Logs.asJson();
            }
            System.out.println("Yifang " + VERSION + " starts …");
            StartChecks.run(config);
            CountDownLatch stopped = new CountDownLatch(1);
            // Asked to end while it starts, it ends as well, and leaves no database behind.
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(() -> {
                                isAsked.set(true);
                                stop(service, stopped, hasFailed);
                            }));
            service.start(config, new SharedClock(InstantSource.system()));
            greet(config, service.port(), (System.nanoTime() - began) / 1_000_000);
            service.setupCode()
                    .ifPresent(code ->
                            System.out.printf(
                                    "Make the first operator's account, within 24 hours, at%n  "
                                            + "%s/setup#%s%n",
                                    config.publicUrl(), code));
            stopped.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            if (isAsked.get() && !isRefusal(failure)) {
                return; // It was asked to end, and what it was about failed for that.
            }
            // What a future failed with arrives here as it was, checked or not.
            StartFailure told = StartFailure.of(failure);
            System.out.flush();
            // Nothing stands behind the reason, which is looked for in the last line.
            hasFailed.set(true);
            System.err.println(told.text());
            System.exit(told.exitCode());
        }
    }

    private static boolean isRefusal(Exception failure) {
        return StartFailure.of(failure).exitCode() == StartFailure.CONFIGURATION;
    }

    /// Ends in time in every state: what hangs is left to the next start, which recovers.
    private static void stop(Service service, CountDownLatch stopped, AtomicBoolean hasFailed) {
        Thread closing = Thread.ofPlatform().daemon().name("closing").start(service::close);
        try {
            if (!closing.join(Limits.CLOSE)) {
                System.err.println("Yifang did not end in time and is cut off; nothing is lost.");
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        stopped.countDown();
        if (!hasFailed.get()) {
            System.out.println("Yifang has stopped.");
        }
    }

    private static void greet(Config config, int port, long millis) {
        String url = (config.operating().tls() == null ? "http" : "https") + "://localhost:" + port;
        System.out.printf(
                """
                Ready after %d ms.
                  front page   %s/
                  FHIR         %s/fhir/metadata
                  tokens       %s/auth/token
                  health       %s/health/ready
                  data         %s
                  database     %s
                  demonstration data %s
                Stop with Ctrl-C.
                """,
                millis,
                url,
                url,
                url,
                url,
                config.data().toAbsolutePath(),
                config.database() == null ? "embedded" : config.database(),
                config.demonstration() ? "loaded" : "not loaded");
    }

    /// The settings, read from the environment here and nowhere else.
    static Map<String, String> environment() {
        return System.getenv();
    }
}
