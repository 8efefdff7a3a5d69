package org.yifang;

import org.yifang.platform.config.DatabaseAddress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A way to a database that a test can cut and join again.
public final class CutConnection implements AutoCloseable {
    private final DatabaseAddress database;
    private final ServerSocket entrance;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile boolean still;

    public CutConnection(DatabaseAddress database) {
        this.database = database;
        try {
            entrance = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /// What a service is given in place of the database's own address.
    public String url() {
        return "postgresql://127.0.0.1:" + entrance.getLocalPort() + "/" + database.database();
    }

    /// The same for JDBC, with who we are there.
    public DatabaseAddress address() {
        return new DatabaseAddress(
                "127.0.0.1",
                entrance.getLocalPort(),
                database.database(),
                database.user(),
                database.password());
    }

    /// Breaks every connection and takes no new one.
    public void cut() {
        cut = true;
        open.forEach(CutConnection::end);
        open.clear();
    }

    /// Breaks every connection, and takes new ones at once.
    public void sever() {
        open.forEach(CutConnection::end);
        open.removeIf(Socket::isClosed);
    }

    public void join() {
        cut = false;
    }

    /// Carries nothing more and breaks nothing, until it is told to go on.
    public void still(boolean now) {
        still = now;
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket in = entrance.accept();
                if (cut) {
                    end(in);
                    continue;
                }
                Socket out = new Socket(database.host(), database.port());
                open.add(in);
                open.add(out);
                Thread.ofVirtual().start(() -> carry(in, out));
                Thread.ofVirtual().start(() -> carry(out, in));
            } catch (IOException closed) {
                // The next turn of the loop sees why.
            }
        }
    }

    private void carry(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] some = new byte[8192];
            for (int length = in.read(some); length >= 0; length = in.read(some)) {
                while (still) {
                    Thread.sleep(5);
                }
                out.write(some, 0, length);
                out.flush();
            }
        } catch (IOException | InterruptedException ended) {
            // Either side has gone, so the other goes too.
        } finally {
            end(from);
            end(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            // No farewell: as a cable that is pulled.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        cut();
    }
}
