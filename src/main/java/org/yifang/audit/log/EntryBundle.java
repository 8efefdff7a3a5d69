package org.yifang.audit.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Up to 256 entries in one resource: each with its length before it, two bytes, big-endian (C2SP
/// tlog-tiles).
public final class EntryBundle {
    public static final int ENTRY_BYTES_MAX = 65_535;

    public static byte[] encode(List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > ENTRY_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "An entry has at most 65535 bytes, not " + entry.length + ".");
            }
            bundle.write(entry.length >> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    /// @throws IllegalArgumentException when the bundle ends in the middle of an entry
    public static List<byte[]> decode(byte[] bundle) {
        List<byte[]> entries = new ArrayList<>();
        int at = 0;
        while (at < bundle.length) {
            if (bundle.length - at < 2) {
                throw new IllegalArgumentException("The bundle ends in the middle of a length.");
            }
            int length = (bundle[at] & 0xff) << 8 | (bundle[at + 1] & 0xff);
            at += 2;
            if (bundle.length - at < length) {
                throw new IllegalArgumentException("The bundle ends in the middle of an entry.");
            }
            entries.add(Arrays.copyOfRange(bundle, at, at + length));
            at += length;
        }
        return entries;
    }

    private EntryBundle() {}
}
