package org.yifang.platform.edge;

import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Outbound.Range;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Finds out from where a request really comes: behind proxies that the deployment names, and only
/// behind those, from what they say (`Forwarded` of RFC 7239, or else `X-Forwarded-For`).
public record Proxies(List<Range> trusted) {
    /// Everybody is who their connection says.
    public static final Proxies NONE = new Proxies(List.of());

    private static final Pattern NUMERIC = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]{2,45}");

    /// @throws IllegalArgumentException when one of them is no range as `10.1.0.7/32`
    public static Proxies of(List<String> ranges) {
        return new Proxies(ranges.stream().map(Range::of).toList());
    }

    boolean isTrusted(String address) {
        if (trusted.isEmpty() || !NUMERIC.matcher(address).matches()) {
            return false;
        }
        try {
            // Digits are never looked up.
            InetAddress parsed = InetAddress.getByName(address);
            return trusted.stream().anyMatch(range -> range.holds(parsed));
        } catch (UnknownHostException noAddress) {
            return false;
        }
    }

    /// The address of the caller: the last one in the chain that no trusted proxy has.
    String address(HttpServerRequest http) {
        var remote = http.remoteAddress();
        String address =
                remote == null || remote.hostAddress() == null ? "unknown" : remote.hostAddress();
        if (!isTrusted(address)) {
            return address;
        }
        List<String> chain = chain(http);
        for (int i = chain.size() - 1; i >= 0; i--) {
            String one = chain.get(i);
            if (!NUMERIC.matcher(one).matches()) {
                // A name or `unknown`: nobody is told apart by it, so the proxy stands for it.
                return address;
            }
            address = one;
            if (!isTrusted(one)) {
                return one;
            }
        }
        return address;
    }

    private static List<String> chain(HttpServerRequest http) {
        List<String> chain = new ArrayList<>();
        List<String> forwarded = http.headers().getAll("Forwarded");
        boolean standard = !forwarded.isEmpty();
        for (String header : standard ? forwarded : http.headers().getAll("X-Forwarded-For")) {
            for (String element : header.split(",", -1)) {
                String node = standard ? node(element) : element;
                if (node != null) {
                    chain.add(bare(node.strip()));
                }
            }
        }
        return chain;
    }

    /// The value of `for` in one element of `Forwarded`.
    private static @Nullable String node(String element) {
        for (String pair : element.split(";", -1)) {
            String one = pair.strip();
            if (one.regionMatches(true, 0, "for=", 0, 4)) {
                return one.substring(4);
            }
        }
        return null;
    }

    /// Without quotes, brackets and port: `"[2001:db8::1]:4711"` is `2001:db8::1`.
    private static String bare(String node) {
        String text = node.replace("\"", "");
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? text : text.substring(1, end);
        }
        int colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }
}
