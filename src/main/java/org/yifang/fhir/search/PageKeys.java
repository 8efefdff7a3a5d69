package org.yifang.fhir.search;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.Problem.Finding;
import org.yifang.platform.problem.ProblemCode;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Makes and reads the keys in `next` links: the search itself and where its last page ended.
///
/// Sealed with AES-256-GCM and bound to client, patient and type: a key tells nobody what was
/// searched for (a search by POST may hold an identity number), cannot be altered, and is of no use
/// to another client.
public final class PageKeys {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// @param query the parameters of the first page
    /// @param after the values of the sort keys and the id of the last match
    public record Page(Query query, List<@Nullable String> after) {}

    private final SecretKeySpec key;

    public PageKeys(byte[] key) {
        if (key.length != 32) {
            throw new IllegalArgumentException("The paging key must have 32 bytes.");
        }
        this.key = new SecretKeySpec(key, "AES");
    }

    public String write(String type, Caller caller, Page page) {
        StringBuilder text = new StringBuilder(page.query().encoded());
        for (String value : page.after()) {
            // A space begins a value, so that an absent one differs from an empty one.
            text.append('\n')
                    .append(
                            value == null
                                    ? ""
                                    : ' ' + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, nonce, type, caller)
                            .doFinal(text.toString().getBytes(StandardCharsets.UTF_8));
            ByteBuffer whole = ByteBuffer.allocate(NONCE_BYTES + sealed.length);
            whole.put(nonce).put(sealed);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(whole.array());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Reads what [#write] wrote for the same client and type.
    ///
    /// @throws Problem `RX-1403` for anything else
    public Page read(String type, Caller caller, String text) {
        byte[] plain;
        try {
            byte[] whole = Base64.getUrlDecoder().decode(text);
            if (whole.length <= NONCE_BYTES) {
                throw unusable();
            }
            byte[] nonce = java.util.Arrays.copyOf(whole, NONCE_BYTES);
            plain =
                    cipher(Cipher.DECRYPT_MODE, nonce, type, caller)
                            .doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
        } catch (GeneralSecurityException | IllegalArgumentException failure) {
            throw unusable();
        }
        String[] lines = new String(plain, StandardCharsets.UTF_8).split("\n", -1);
        List<@Nullable String> after = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            after.add(
                    lines[i].isEmpty()
                            ? null
                            : URLDecoder.decode(lines[i].substring(1), StandardCharsets.UTF_8));
        }
        // What was once in a body may stand in the key: nobody reads it there.
        return new Page(Query.parse(lines[0], false), after);
    }

    private Cipher cipher(int mode, byte[] nonce, String type, Caller caller)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        String bound = type + '\n' + caller.clientId() + '\n' + caller.patientId();
        cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static Problem unusable() {
        return new Problem(
                List.of(
                        new Finding(
                                ProblemCode.PARAMETER_UNREADABLE,
                                "The key in `_page` is not one that was given to this client.",
                                "Follow the `next` link of a page as it is, or search anew.",
                                "_page",
                                false)));
    }
}
