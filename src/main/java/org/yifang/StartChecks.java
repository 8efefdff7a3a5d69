package org.yifang;

import org.yifang.platform.config.Config;
import org.yifang.platform.data.EmbeddedDatabase;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/// What would stop the start only after everything else has been done, looked at first.
final class StartChecks {
    static final String TAKEN =
            "The port is taken: stop what listens there, or give another by YIFANG_PORT.";

    /// @throws Config.Invalid naming what is wrong and what would be right
    static void run(Config config) {
        portIsFree(config.host(), config.port());
        EmbeddedDatabase.requireWritable(config.data());
    }

    private static void portIsFree(String host, int port) {
        if (port == 0) {
            return;
        }
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new Config.Invalid(
                    "YIFANG_HOST is `" + host + "`; it must be an address of this machine.");
        }
        try (ServerSocket socket = new ServerSocket()) {
            // As the listener does it: what an ended process left in TIME_WAIT is no hindrance.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException taken) {
            boolean privileged = String.valueOf(taken.getMessage()).contains("Permission denied");
            throw new Config.Invalid(
                    privileged
                            ? "This user may not listen on port "
                                    + port
                                    + ": give one from 1024 on by YIFANG_PORT, or the right to."
                            : String.valueOf(taken.getMessage()).contains("assign")
                                    ? "YIFANG_HOST is `"
                                            + host
                                            + "`; it must be an address of this machine."
                                    : TAKEN.replace("The port is", "The port " + port + " is"));
        }
    }

    private StartChecks() {}
}
