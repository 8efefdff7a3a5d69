package org.yifang.identity.client;

import org.yifang.identity.signature.CanonicalJson;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What the QR code of a prescription carries: signed by us, so that a pharmacy can check it
/// without any network, against the keys of `/auth/jwks` that it fetched before.
///
/// A compact JWS, ES256, `typ` `pickup+jwt`, with `iss`, `iat`, `nbf`, `exp`, `task` (id of the
/// prescription's Task) and `lines` (of each MedicationRequest in order, the first 16 bytes of the
/// SHA-256 of its RFC 8785 form, base64url). It names no person; half a hash is plenty against a
/// second line that fits, and keeps the code coarse enough for a worn scanner.
///
/// @param taskId the prescription's Task
/// @param validFrom the prescription is valid from here, inclusive
/// @param validUntil to here, exclusive
/// @param lineHashes 16 bytes of each line
public record PickupToken(
        UUID taskId, Instant validFrom, Instant validUntil, List<byte[]> lineHashes) {
    private static final String TYPE = "pickup+jwt";
    private static final int LINE_HASH_BYTES = 16;

    /// A token over whole lines.
    ///
    /// @param lines each MedicationRequest as it stands in the signed document, in order
    public static PickupToken of(
            UUID taskId, Instant validFrom, Instant validUntil, List<byte[]> lines) {
        List<byte[]> hashes = new ArrayList<>();
        for (byte[] line : lines) {
            hashes.add(lineHash(line));
        }
        return new PickupToken(taskId, validFrom, validUntil, List.copyOf(hashes));
    }

    /// What a token says of a line: 16 bytes.
    public static byte[] lineHash(byte[] medicationRequest) {
        byte[] hash = CanonicalJson.hash(medicationRequest);
        return Arrays.copyOf(hash, LINE_HASH_BYTES);
    }

    /// The token in writing. No two writings are equal, so keep the one that was given out.
    ///
    /// @param issuer how clients reach the service
    public String sign(SigningKeys keys, String issuer, InstantSource clock) {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("iat", clock.instant().getEpochSecond());
        claims.put("nbf", validFrom.getEpochSecond());
        claims.put("exp", validUntil.getEpochSecond());
        claims.put("task", taskId.toString());
        claims.put("lines", lineHashes.stream().map(base64::encodeToString).toList());
        return keys.sign(TYPE, claims);
    }

    /// Reads a token that we signed; empty when it is altered or none. Whether it is valid now is
    /// the caller's to ask: the prescription's own state decides, and may live longer.
    public static Optional<PickupToken> read(SigningKeys keys, String token) {
        return keys.verify(TYPE, token).flatMap(PickupToken::read);
    }

    private static Optional<PickupToken> read(Map<String, Object> claims) {
        if (claims.get("task") instanceof String task
                && claims.get("nbf") instanceof Number from
                && claims.get("exp") instanceof Number until
                && claims.get("lines") instanceof List<?> lines) {
            List<byte[]> hashes = new ArrayList<>();
            for (Object line : lines) {
                hashes.add(Base64.getUrlDecoder().decode(String.valueOf(line)));
            }
            return Optional.of(
                    new PickupToken(
                            UUID.fromString(task),
                            Instant.ofEpochSecond(from.longValue()),
                            Instant.ofEpochSecond(until.longValue()),
                            List.copyOf(hashes)));
        }
        return Optional.empty();
    }
}
