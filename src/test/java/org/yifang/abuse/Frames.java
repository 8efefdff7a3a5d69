package org.yifang.abuse;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// One connection of HTTP/2 with prior knowledge, on which frames are sent as no library would.
final class Frames implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GO_AWAY = 7;
    static final int WINDOW = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /// No GOAWAY came.
    static final int NONE = -1;

    private static final int KINDS = 10;

    private final Socket socket;
    private final OutputStream out;
    private final AtomicIntegerArray came = new AtomicIntegerArray(KINDS);
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile int goAway = NONE;

    private Frames(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
    }

    /// Greets as a client does, and reads what comes.
    ///
    /// @param settings what the first SETTINGS frame holds
    static Frames to(int port, String from, byte[] settings) throws IOException {
        Frames made = silent(port, from, settings);
        Thread.ofPlatform().daemon().name("frames").start(made::read);
        return made;
    }

    /// The same, and never reads anything.
    static Frames silent(int port, String from, byte[] settings) throws IOException {
        Socket socket =
                new Socket(
                        InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(from), 0);
        Frames made = new Frames(socket);
        made.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        made.send(frame(SETTINGS, 0, 0, settings));
        return made;
    }

    private void read() {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int kind = in.readUnsignedByte();
                in.readUnsignedByte();
                in.readInt();
                byte[] payload = in.readNBytes(length);
                if (kind < KINDS) {
                    came.incrementAndGet(kind);
                }
                if (kind == GO_AWAY) {
                    goAway = ByteBuffer.wrap(payload).getInt(4);
                }
            }
        } catch (IOException over) {
            end.countDown();
        }
    }

    static byte[] frame(int kind, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) kind)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] setting(int name, int value) {
        return ByteBuffer.allocate(6).putShort((short) name).putInt(value).array();
    }

    /// A header block of a request: names and values from HPACK's static table or as they are.
    static byte[] request(boolean post, String path) {
        byte[] name = path.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(name.length + 7)
                .put((byte) (post ? 0x83 : 0x82))
                .put((byte) 0x86)
                .put((byte) 0x04)
                .put((byte) name.length)
                .put(name)
                .put((byte) 0x01)
                .put((byte) 1)
                .put((byte) 'x')
                .array();
    }

    static byte[] joined(byte[]... pieces) {
        int length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] piece : pieces) {
            all.put(piece);
        }
        return all.array();
    }

    /// Sends as long as the other side takes it.
    ///
    /// @return whether it went out
    boolean send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /// How many frames of a kind came.
    int came(int kind) {
        return came.get(kind);
    }

    /// Whether the other side ended the connection within so long.
    boolean endsWithin(Duration most) throws InterruptedException {
        return end.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The error that the other side told when it ended the connection, [#NONE] for no word.
    int goAway() {
        return goAway;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
