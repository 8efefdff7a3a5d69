package org.yifang.notify.subscription;

import org.yifang.identity.seal.Seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The secrets that notifications are signed with: made here, shown once, kept sealed.
public final class WebhookSecrets {
    /// What a secret is sealed for.
    static final String PLACE = "webhook-secret";

    private static final int BYTES = 32;

    private final Seal seal;
    private final SecureRandom random = new SecureRandom();

    public WebhookSecrets(Seal seal) {
        this.seal = seal;
    }

    /// A new one, as it is shown: its UTF-8 bytes are the key.
    String fresh() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    byte[] sealed(String secret) {
        return seal.seal(secret.getBytes(StandardCharsets.UTF_8), PLACE);
    }

    /// The header `X-Yifang-Signature` of a body sent now: one `v1` a secret, the newest first.
    public String signature(Subscription one, byte[] body, Instant now) {
        long at = now.getEpochSecond();
        StringBuilder header = new StringBuilder("t=" + at);
        header.append(",v1=").append(mac(one.secret(), at, body));
        Instant until = one.oldUntil();
        byte[] old = one.old();
        if (old != null && until != null && now.isBefore(until)) {
            header.append(",v1=").append(mac(old, at, body));
        }
        return header.toString();
    }

    private String mac(byte[] sealed, long at, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(seal.open(sealed, PLACE), "HmacSHA256"));
            mac.update((at + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
