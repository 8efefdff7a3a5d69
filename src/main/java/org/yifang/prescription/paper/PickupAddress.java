package org.yifang.prescription.paper;

import java.net.URI;

/// What the QR code of a slip says: the address of the patient's page with the pick-up token as its
/// fragment, so that a telephone's camera opens the page and no server log ever sees the token.
public final class PickupAddress {
    private static final String PAGE = "/my#";

    /// The address for a token.
    public static String of(URI publicUrl, String token) {
        return publicUrl + PAGE + token;
    }

    /// The token of what was scanned: an address, or the token itself.
    public static String token(String scanned) {
        int page = scanned.indexOf(PAGE);
        return page < 0 ? scanned : scanned.substring(page + PAGE.length());
    }

    private PickupAddress() {}
}
