package org.yifang.admin;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Outbound;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/// Checks where a client's keys are to be fetched, before anybody fetches anything. It is checked
/// again at each connection.
final class KeyAddresses {
    private final Outbound outbound;

    KeyAddresses(Outbound outbound) {
        this.outbound = outbound;
    }

    /// What is wrong with an address, null when nothing is. Waits for the name service.
    @Nullable String fault(String address) {
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
                if (!outbound.allows(each)) {
                    return "lies in a network that may not be called from here";
                }
                if ("http".equals(uri.getScheme()) && Outbound.PUBLIC.allows(each)) {
                    return "crosses the internet without https";
                }
            }
        } catch (UnknownHostException later) {
            // A name may be made after the registration; it is checked when the keys are fetched.
            return "http".equals(uri.getScheme()) ? "is no https address" : null;
        }
        return null;
    }
}
