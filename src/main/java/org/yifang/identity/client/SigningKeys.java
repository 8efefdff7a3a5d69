package org.yifang.identity.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.client.SigningKeyStore.Aged;
import org.yifang.identity.seal.Seal;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.SealedColumn;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Our own ES256 keys: the newest signs, all that ever signed are published at `/auth/jwks`.
public final class SigningKeys {
    /// An unknown key id may be a key that another instance just made, but asking the database for
    /// every forged token would be a gift to the forger.
    private static final Duration RELOAD_AT_MOST_EVERY = Duration.ofSeconds(10);

    /// How long a new key is published before it signs.
    static final Duration PUBLISHED_FIRST = Duration.ofSeconds(15);

    /// A key made ready, since doing so costs more than signing.
    private record Signing(String kid, ECDSASigner signer) {
        static Signing of(ECKey key) {
            try {
                return new Signing(key.getKeyID(), new ECDSASigner(key));
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final @Nullable SigningKeyStore store;
    private final InstantSource clock;
    private volatile List<ECKey> keys;
    private volatile Signing newest;
    private volatile @Nullable Aged waits;
    private volatile Instant loadedAt;

    /// The private keys, for the rotation of the master key.
    public static SealedColumn sealed() {
        return SigningKeyStore.sealed();
    }

    private SigningKeys(@Nullable SigningKeyStore store, InstantSource clock, List<ECKey> keys) {
        this.store = store;
        this.clock = clock;
        this.keys = keys;
        this.newest = Signing.of(keys.getFirst());
        this.loadedAt = clock.instant();
    }

    /// Makes a new key. It is published at once and signs from [#PUBLISHED_FIRST] on, so that every
    /// instance knows it before it meets what it signed; what the old ones signed stays good.
    ///
    /// @return its id
    String rotate() {
        Aged made = new Aged(generate(), clock.instant());
        Objects.requireNonNull(store).add(made);
        reload();
        return made.key().getKeyID();
    }

    /// Reads the keys again, since the database told of a new one. Waits.
    public void reload() {
        if (store != null) {
            use(store.read());
        }
    }

    private void use(List<Aged> read) {
        keys = read.stream().map(Aged::key).toList();
        // The one that signs next, or the only one there is.
        Instant published = clock.instant().minus(PUBLISHED_FIRST);
        Aged signs =
                read.stream()
                        .filter(one -> !one.madeAt().isAfter(published))
                        .findFirst()
                        .orElse(read.getLast());
        newest = Signing.of(signs.key());
        waits = signs.key().getKeyID().equals(keys.getFirst().getKeyID()) ? null : read.getFirst();
    }

    /// The key that waits for its time signs when it has come.
    private Signing signing() {
        Aged next = waits;
        if (next != null && !clock.instant().isBefore(next.madeAt().plus(PUBLISHED_FIRST))) {
            newest = Signing.of(next.key());
            waits = null;
        }
        return newest;
    }

    /// The keys of the database; the very first start of all instances makes one.
    ///
    /// @throws SealBroken when the master key is not the one that this database was sealed under
    public static SigningKeys load(Database database, Seal seal, InstantSource clock) {
        SigningKeyStore store = new SigningKeyStore(database, seal);
        List<Aged> known = store.readOr(new Aged(generate(), clock.instant()));
        SigningKeys loaded = new SigningKeys(store, clock, known.stream().map(Aged::key).toList());
        loaded.use(known);
        return loaded;
    }

    /// Fixed keys, newest first, for whoever has no database.
    public static SigningKeys of(InstantSource clock, List<ECKey> keys) {
        return new SigningKeys(null, clock, List.copyOf(keys));
    }

    /// A fresh key pair; its id is its RFC 7638 thumbprint.
    public static ECKey generate() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A compact JWS over `claims`.
    ///
    /// @param type the header `typ`: keeps access tokens and pick-up tokens from being swapped
    public String sign(String type, Map<String, Object> claims) {
        Signing key = signing();
        var header =
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType(type))
                        .keyID(key.kid())
                        .build();
        var jws = new JWSObject(header, new Payload(claims));
        try {
            jws.sign(key.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jws.serialize();
    }

    /// The claims of a compact JWS that we signed as that type; empty for everything else.
    public Optional<Map<String, Object>> verify(String type, String compact) {
        try {
            JWSObject jws = JWSObject.parse(compact);
            JWSHeader header = jws.getHeader();
            boolean ours =
                    JWSAlgorithm.ES256.equals(header.getAlgorithm())
                            && new JOSEObjectType(type).equals(header.getType())
                            && header.getKeyID() != null
                            && header.getCriticalParams() == null;
            if (!ours) {
                return Optional.empty();
            }
            Optional<ECKey> key = key(header.getKeyID());
            if (key.isEmpty() || !jws.verify(new ECDSAVerifier(key.get()))) {
                return Optional.empty();
            }
            return Optional.ofNullable(jws.getPayload().toJSONObject());
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The published key set (RFC 7517), public parts only.
    public String jwks() {
        return new JWKSet(new ArrayList<>(keys)).toString(true);
    }

    private Optional<ECKey> key(String kid) {
        Optional<ECKey> known = find(kid);
        if (known.isPresent() || store == null) {
            return known;
        }
        Instant now = clock.instant();
        if (now.isBefore(loadedAt.plus(RELOAD_AT_MOST_EVERY))) {
            return Optional.empty();
        }
        loadedAt = now;
        use(store.read());
        return find(kid);
    }

    private Optional<ECKey> find(String kid) {
        return keys.stream().filter(key -> key.getKeyID().equals(kid)).findFirst();
    }
}
