package org.yifang.platform;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/// Which addresses the service calls when others have told it where: public ones, and of its own
/// network only what the deployment allows, so that nobody uses it to reach what they cannot.
///
/// A name is looked up at every connection, and the connection goes to the very address that was
/// checked: a name that points elsewhere a moment later gains nothing.
public record Outbound(List<Range> allowed) {
    /// Nothing private.
    public static final Outbound PUBLIC = new Outbound(List.of());

    /// Not reachable over the internet, by IANA's registries of special-purpose addresses.
    private static final List<Range> SPECIAL =
            ranges(
                    List.of(
                            "0.0.0.0/8",
                            "10.0.0.0/8",
                            "100.64.0.0/10",
                            "127.0.0.0/8",
                            "169.254.0.0/16",
                            "172.16.0.0/12",
                            "192.0.0.0/24",
                            "192.0.2.0/24",
                            "192.168.0.0/16",
                            "198.18.0.0/15",
                            "198.51.100.0/24",
                            "203.0.113.0/24",
                            "224.0.0.0/4",
                            "240.0.0.0/4",
                            "::/96",
                            "64:ff9b::/96",
                            "64:ff9b:1::/48",
                            "100::/64",
                            "2001::/23",
                            "2001:db8::/32",
                            "2002::/16",
                            "fc00::/7",
                            "fe80::/10",
                            "fec0::/10",
                            "ff00::/8"));

    /// Says which addresses a host has now.
    @FunctionalInterface
    public interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /// An address range.
    ///
    /// @param bits how many leading bits decide
    public record Range(byte[] network, int bits) {
        // An address, never a name: nothing is looked up.
        private static final Pattern NUMERIC =
                Pattern.compile("([0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)/([0-9]{1,3})");

        /// @throws IllegalArgumentException when it is no range as `10.1.0.0/16`
        public static Range of(String text) {
            var parts = NUMERIC.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException(text);
            }
            try {
                byte[] network = InetAddress.getByName(parts.group(1)).getAddress();
                int bits = Integer.parseInt(parts.group(2));
                if (bits > network.length * 8) {
                    throw new IllegalArgumentException(text);
                }
                return new Range(network, bits);
            } catch (UnknownHostException noAddress) {
                throw new IllegalArgumentException(text, noAddress);
            }
        }

        public boolean holds(InetAddress address) {
            byte[] other = address.getAddress();
            if (other.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((network[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// @throws IllegalArgumentException when one of them is no range
    public static Outbound of(List<String> allowed) {
        return new Outbound(ranges(allowed));
    }

    public static List<Range> ranges(List<String> texts) {
        return texts.stream().map(Range::of).toList();
    }

    /// Whether a numeric address lies in one of the allowed ranges; a name never does.
    public boolean holds(String numeric) {
        try {
            boolean name = numeric.isEmpty() || !numeric.matches("[0-9a-fA-F:.]+");
            InetAddress address = name ? null : InetAddress.getByName(numeric);
            return address != null && allowed.stream().anyMatch(range -> range.holds(address));
        } catch (UnknownHostException noAddress) {
            return false;
        }
    }

    public boolean allows(InetAddress address) {
        return SPECIAL.stream().noneMatch(range -> range.holds(address))
                || allowed.stream().anyMatch(range -> range.holds(address));
    }

    /// The first address of a host that may be called. Waits for the name service: call from a
    /// virtual thread of its own.
    ///
    /// @throws UnknownHostException when there is none; the text says which of the two it is
    public InetAddress resolve(String host) throws UnknownHostException {
        return resolve(host, InetAddress::getAllByName);
    }

    /// As [#resolve] by another name service.
    public InetAddress resolve(String host, Names names) throws UnknownHostException {
        for (InetAddress address : names.of(host)) {
            if (allows(address)) {
                return address;
            }
        }
        throw new UnknownHostException(
                "`" + host + "` lies in a network that may not be called from here");
    }

    /// What is wrong with an address that others want called, null when nothing is; it is checked
    /// again at each connection. Waits for the name service, as [#resolve].
    public @Nullable String fault(String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException unreadable) {
            return "is no address";
        }
        boolean whole =
                uri.getHost() != null
                        && uri.getRawUserInfo() == null
                        && uri.getRawFragment() == null
                        && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
        if (!whole) {
            return "is no https address without credentials and fragment";
        }
        try {
            for (InetAddress each : InetAddress.getAllByName(uri.getHost())) {
                if (!allows(each)) {
                    return "lies in a network that may not be called from here";
                }
                if ("http".equals(uri.getScheme()) && PUBLIC.allows(each)) {
                    return "crosses the internet without https";
                }
            }
        } catch (UnknownHostException later) {
            // A name may be made after the registration; it is checked when it is called.
            return "http".equals(uri.getScheme()) ? "is no https address" : null;
        }
        return null;
    }
}
