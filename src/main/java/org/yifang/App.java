package org.yifang;

import org.yifang.audit.log.LogRefused;
import org.yifang.audit.verify.VerifyCommand;
import org.yifang.identity.seal.SealBroken;
import org.yifang.identity.signature.NewKeyCommand;
import org.yifang.identity.signature.SignCommand;
import org.yifang.platform.config.Config;
import org.yifang.simulate.Bench;
import org.yifang.simulate.Simulate;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

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
            VerifyCommand.class,
            AuditCommand.class
        })
public final class App implements Runnable {
    /// The version of the program.
    public static final String VERSION = "0.1.0";

    /// EX_CONFIG of sysexits.h: the configuration cannot be used.
    private static final int CONFIGURATION = 78;

    public static void main(String[] args) {
        int code = new CommandLine(new App()).execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public void run() {
        long began = System.nanoTime();
        try {
            Config config = Config.read(environment());
            System.out.println("Yifang " + VERSION + " starts …");
            Service service = Service.start(config, InstantSource.system());
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(() -> {
                                service.close();
                                stopped.countDown();
                                System.out.println("Yifang has stopped.");
                            }));
            greet(config, service.port(), (System.nanoTime() - began) / 1_000_000);
            stopped.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            // What a future failed with arrives here as it was, checked or not.
            String line = oneLine(failure);
            if (line == null) {
                throw new IllegalStateException("Yifang does not start.", failure);
            }
            System.err.println(line);
            System.exit(CONFIGURATION);
        }
    }

    /// What an operator can mend, in one clear line; null for everything else.
    private static @org.jspecify.annotations.Nullable String oneLine(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Config.Invalid || cause instanceof LogRefused) {
                return cause.getMessage();
            }
            if (cause instanceof SealBroken) {
                return "The master key is not that of this database ("
                        + cause.getMessage()
                        + "). Give the service the key file in YIFANG_DATA, or YIFANG_MASTER_KEY, that"
                        + " belongs to it.";
            }
            if (cause instanceof java.net.BindException) {
                return "The port is taken: stop what listens there, or give another by"
                        + " YIFANG_PORT.";
            }
        }
        return null;
    }

    private static void greet(Config config, int port, long millis) {
        String url = "http://localhost:" + port;
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
