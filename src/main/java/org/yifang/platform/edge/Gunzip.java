package org.yifang.platform.edge;

import io.vertx.core.buffer.Buffer;

import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Inflates gzip (RFC 1952) as it arrives, some kilobytes at a time, so that whoever takes the
/// pieces can count them and stop.
final class Gunzip implements AutoCloseable {
    private static final int STEP = 16 * 1024;
    private static final int FIXED_HEAD = 10;
    private static final int TRAILER = 8;

    /// Further than any head may reach.
    private static final int BEYOND = 1 << 29;

    private static final int WITH_CHECK = 2;
    private static final int WITH_EXTRA = 4;
    private static final int WITH_NAME = 8;
    private static final int WITH_COMMENT = 16;

    /// The bytes are not gzip.
    static final class NotGzip extends Exception {
        private static final long serialVersionUID = 1L;

        NotGzip(String message) {
            super(message, null, false, false);
        }
    }

    private enum Part {
        HEAD,
        DATA,
        TRAILER,
        OVER
    }

    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private Buffer waiting = Buffer.buffer();
    private Part part = Part.HEAD;

    /// Takes the next bytes, and hands over what they inflate to.
    void feed(Buffer bytes, Consumer<Buffer> inflated) throws NotGzip {
        waiting.appendBuffer(bytes);
        if (part == Part.HEAD && !head()) {
            return;
        }
        if (part == Part.DATA) {
            data(inflated);
        }
        if (part == Part.TRAILER && waiting.length() >= TRAILER) {
            if (waiting.getUnsignedIntLE(0) != sum.getValue()
                    || waiting.getUnsignedIntLE(4) != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
                throw new NotGzip("its sum is wrong");
            }
            waiting = waiting.getBuffer(TRAILER, waiting.length());
            part = Part.OVER;
        }
        if (part == Part.OVER && waiting.length() > 0) {
            throw new NotGzip("something follows its end");
        }
    }

    /// Says that no more will come.
    void end() throws NotGzip {
        if (part != Part.OVER) {
            throw new NotGzip("it ends too early");
        }
    }

    /// Passes the head once it is there whole.
    private boolean head() throws NotGzip {
        if (waiting.length() > 1
                        && (waiting.getUnsignedByte(0) != 0x1f
                                || waiting.getUnsignedByte(1) != 0x8b)
                || waiting.length() > 2 && waiting.getByte(2) != 8) {
            throw new NotGzip("it does not begin as gzip does");
        }
        if (waiting.length() < FIXED_HEAD) {
            return false;
        }
        int flags = waiting.getByte(3);
        int at = FIXED_HEAD;
        if ((flags & WITH_EXTRA) != 0) {
            at += waiting.length() < at + 2 ? STEP : 2 + waiting.getUnsignedShortLE(at);
        }
        at = (flags & WITH_NAME) == 0 ? at : behindZero(at);
        at = (flags & WITH_COMMENT) == 0 ? at : behindZero(at);
        at += (flags & WITH_CHECK) == 0 ? 0 : 2;
        if (waiting.length() < at) {
            if (waiting.length() > STEP) {
                throw new NotGzip("its head is too long");
            }
            return false;
        }
        waiting = waiting.getBuffer(at, waiting.length());
        part = Part.DATA;
        return true;
    }

    private int behindZero(int from) {
        for (int at = from; at < waiting.length(); at++) {
            if (waiting.getByte(at) == 0) {
                return at + 1;
            }
        }
        return BEYOND;
    }

    private void data(Consumer<Buffer> inflated) throws NotGzip {
        byte[] in = waiting.getBytes();
        inflater.setInput(in);
        byte[] out = new byte[STEP];
        try {
            int length = inflater.inflate(out);
            while (length > 0) {
                sum.update(out, 0, length);
                inflated.accept(Buffer.buffer(length).appendBytes(out, 0, length));
                length = inflater.inflate(out);
            }
        } catch (DataFormatException broken) {
            throw new NotGzip("it is damaged");
        }
        if (inflater.needsDictionary()) {
            throw new NotGzip("it needs a dictionary");
        }
        int left = inflater.getRemaining();
        waiting = Buffer.buffer().appendBytes(in, in.length - left, left);
        if (inflater.finished()) {
            part = Part.TRAILER;
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
