package org.yifang.abuse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One connection on which bytes are sent as no library would send them.
public final class Wire implements AutoCloseable {
    /// What came back.
    ///
    /// @param closed whether the other side closed the connection
    public record Reply(String text, boolean closed) {
        /// The first status, 0 for none.
        public int status() {
            return text.startsWith("HTTP/1.") ? Integer.parseInt(text.substring(9, 12)) : 0;
        }
    }

    private final Socket socket;
    private boolean open = true;

    private Wire(Socket socket) {
        this.socket = socket;
    }

    public static Wire to(String url) throws IOException {
        URI uri = URI.create(url);
        return new Wire(new Socket(uri.getHost(), uri.getPort()));
    }

    /// To this machine, from one of its addresses.
    public static Wire to(int port, String from) throws IOException {
        return new Wire(
                new Socket(
                        InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(from), 0));
    }

    public Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Wire send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException closed) {
            // What was answered before is what counts.
            open = false;
            return this;
        }
        return this;
    }

    /// Whether what was sent last went out.
    public boolean isOpen() {
        return open;
    }

    /// Reads nothing for so long, as one who has forgotten that it asked.
    public Wire hold(Duration time) throws IOException {
        try {
            Thread.sleep(time);
            return this;
        } catch (InterruptedException stop) {
            throw new IOException(stop);
        }
    }

    /// Waits for the answer on a busy machine, too, and reads it once it comes.
    public Reply answer() throws IOException {
        return read(Duration.ofSeconds(20), Duration.ofMillis(300));
    }

    /// Reads until the other side closes, or nothing comes for so long.
    public Reply read(Duration patience) throws IOException {
        return read(patience, patience);
    }

    private Reply read(Duration patience, Duration then) throws IOException {
        socket.setSoTimeout((int) patience.toMillis());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        try {
            int length = socket.getInputStream().read(some);
            while (length >= 0) {
                all.write(some, 0, length);
                socket.setSoTimeout((int) then.toMillis());
                length = socket.getInputStream().read(some);
            }
            return new Reply(all.toString(StandardCharsets.ISO_8859_1), true);
        } catch (SocketTimeoutException silent) {
            return new Reply(all.toString(StandardCharsets.ISO_8859_1), false);
        } catch (IOException reset) {
            return new Reply(all.toString(StandardCharsets.ISO_8859_1), true);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
