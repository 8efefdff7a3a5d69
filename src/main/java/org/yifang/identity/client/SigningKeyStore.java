package org.yifang.identity.client;

import static org.yifang.generated.Tables.SIGNING_KEY;
import static org.yifang.platform.data.Database.SQL;

import com.nimbusds.jose.jwk.ECKey;

import org.yifang.identity.seal.Seal;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Insert;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.SealedColumn;
import org.yifang.platform.data.Tx;

import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// All SQL that touches the table `signing_key`; private keys are sealed in it.
final class SigningKeyStore {
    /// Far more than one a year; the newest come first.
    private static final int KEYS_MAX = 100;

    /// A key and since when it is published.
    record Aged(ECKey key, Instant madeAt) {}

    private final Database database;
    private final Seal seal;
    private final Insert<Aged> insert;

    SigningKeyStore(Database database, Seal seal) {
        this.database = database;
        this.seal = seal;
        this.insert =
                Insert.into(SIGNING_KEY)
                        .set(SIGNING_KEY.KID, (Aged one) -> one.key().getKeyID())
                        .set(SIGNING_KEY.PUBLIC_JWK, one -> one.key().toPublicJWK().toJSONString())
                        .set(SIGNING_KEY.PRIVATE_SEALED, this::sealed)
                        .set(SIGNING_KEY.CREATED_AT, Aged::madeAt);
    }

    /// All keys, newest first.
    List<Aged> read() {
        return database.inTransaction(this::read);
    }

    /// All keys; where there is none, the one that is given. Two instances at their first start
    /// keep one key, not two.
    List<Aged> readOr(Aged first) {
        return database.inTransaction(tx -> {
            tx.run(SQL.query("lock table signing_key in exclusive mode"));
            List<Aged> found = read(tx);
            if (!found.isEmpty()) {
                return found;
            }
            insert.start(tx, first);
            return List.of(first);
        });
    }

    void add(Aged one) {
        database.inTransaction(tx -> insert.start(tx, one));
    }

    private List<Aged> read(Tx tx) {
        var rows =
                tx.run(
                        SQL.select(
                                        SIGNING_KEY.KID,
                                        SIGNING_KEY.PRIVATE_SEALED,
                                        SIGNING_KEY.CREATED_AT)
                                .from(SIGNING_KEY)
                                .orderBy(SIGNING_KEY.CREATED_AT.desc(), SIGNING_KEY.KID)
                                .limit(KEYS_MAX));
        List<Aged> found = new ArrayList<>();
        for (var row : rows) {
            String kid = Rows.get(row, SIGNING_KEY.KID);
            byte[] jwk = seal.open(Rows.get(row, SIGNING_KEY.PRIVATE_SEALED), place(kid));
            try {
                found.add(
                        new Aged(
                                ECKey.parse(new String(jwk, StandardCharsets.UTF_8)),
                                Rows.get(row, SIGNING_KEY.CREATED_AT)));
            } catch (ParseException e) {
                throw new IllegalStateException("Signing key `" + kid + "` is no JWK.");
            }
        }
        return List.copyOf(found);
    }

    private byte[] sealed(Aged one) {
        byte[] jwk = one.key().toJSONString().getBytes(StandardCharsets.UTF_8);
        return seal.seal(jwk, place(one.key().getKeyID()));
    }

    static SealedColumn sealed() {
        return SealedColumn.bytes(
                "signing keys",
                SIGNING_KEY,
                List.of(SIGNING_KEY.KID),
                SIGNING_KEY.PRIVATE_SEALED,
                row -> place(Rows.get(row, SIGNING_KEY.KID)));
    }

    private static String place(String kid) {
        return "signing-key/" + kid;
    }
}
