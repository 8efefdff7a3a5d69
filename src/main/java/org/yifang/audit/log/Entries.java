package org.yifang.audit.log;

import org.yifang.audit.event.Event;
import org.yifang.audit.event.Hash;
import org.yifang.audit.event.Leaf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;

/// Writes entries of the log straight from stored commitments: what [Leaf#encode] writes, without
/// sorting names that are always the same.
public final class Entries {
    private static final int BASE64_BYTES = 44;
    private static final ConcurrentMap<Integer, Layout> LAYOUTS = new ConcurrentHashMap<>();

    /// @param order which field stands where
    /// @param before what stands before the base64 of each
    private record Layout(int[] order, byte[][] before) {
        static Layout of(int fields) {
            int[] order =
                    IntStream.range(0, fields)
                            .boxed()
                            .sorted(Comparator.comparing(Event::fieldName))
                            .mapToInt(Integer::intValue)
                            .toArray();
            byte[][] before = new byte[fields][];
            for (int i = 0; i < fields; i++) {
                before[i] =
                        ((i == 0 ? "{\"commitments\":{\"" : "\",\"")
                                        + Event.fieldName(order[i])
                                        + "\":\"")
                                .getBytes(StandardCharsets.UTF_8);
            }
            return new Layout(order, before);
        }
    }

    /// The entry of an event.
    ///
    /// @param commitments 32 bytes per field in the order in which they are stored
    public static byte[] entry(UUID id, String type, byte[] commitments) {
        Layout layout = LAYOUTS.computeIfAbsent(commitments.length / Hash.LENGTH, Layout::of);
        byte[] tail =
                ("\"},\"id\":\""
                                + id
                                + "\",\"type\":\""
                                + type
                                + "\",\"version\":"
                                + Leaf.VERSION
                                + '}')
                        .getBytes(StandardCharsets.UTF_8);
        int length = tail.length + layout.order.length * BASE64_BYTES;
        for (byte[] before : layout.before) {
            length += before.length;
        }
        byte[] entry = new byte[length];
        byte[] base64 = new byte[BASE64_BYTES];
        int at = 0;
        for (int i = 0; i < layout.order.length; i++) {
            byte[] before = layout.before[i];
            System.arraycopy(before, 0, entry, at, before.length);
            at += before.length;
            int from = layout.order[i] * Hash.LENGTH;
            Base64.getEncoder()
                    .encode(Arrays.copyOfRange(commitments, from, from + Hash.LENGTH), base64);
            System.arraycopy(base64, 0, entry, at, BASE64_BYTES);
            at += BASE64_BYTES;
        }
        System.arraycopy(tail, 0, entry, at, tail.length);
        return entry;
    }

    private Entries() {}
}
