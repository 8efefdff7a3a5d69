package org.yifang.audit.event;

import static org.yifang.generated.Tables.AUDIT_EVENT;
import static org.yifang.platform.data.Database.SQL;

import io.vertx.sqlclient.Row;

import org.jooq.Condition;
import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.BytesColumn;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Seals what an event tells of people in words, each text together with its salt: with the salt at
/// hand, a likely text could be tried against its commitment, which stays what it is.
final class TextStore {
    /// Reasons in somebody's own words, and names of staff; `sql/V105__audit_texts.sql` has them,
    /// too.
    private static final Set<String> OPERATIONS =
            Set.of("unmask", "legal-hold", "register-person", "change-person");

    private static final int SALT_AT = Event.FIXED.indexOf("change") * Commitment.SALT_BYTES;
    private static final int PAGE = 500;

    /// A text on its way into the table.
    ///
    /// @param sealed salt and text
    /// @param characters how many of `change` it is
    record Hidden(byte[] sealed, int characters) {}

    private final NameSeal seal;

    TextStore(NameSeal seal) {
        this.seal = seal;
    }

    static BytesColumn sealedTexts() {
        return new BytesColumn(
                "texts in the audit log", AUDIT_EVENT, AUDIT_EVENT.ID, AUDIT_EVENT.CHANGE_SEALED);
    }

    static BytesColumn sealedNames() {
        return new BytesColumn(
                "names in the audit log",
                AUDIT_EVENT,
                AUDIT_EVENT.ID,
                AUDIT_EVENT.PERSON_NAME_SEALED);
    }

    /// What is sealed of an event; the trigger takes it out of the row behind the commitment.
    Optional<Hidden> hide(String operation, @Nullable String said, byte[] salts) {
        if (said == null || !OPERATIONS.contains(operation)) {
            return Optional.empty();
        }
        return Optional.of(
                new Hidden(
                        seal(said, salts.clone(), SALT_AT), said.codePointCount(0, said.length())));
    }

    /// The whole of `change`; its salt is put back into `salts`.
    @Nullable String shown(@Nullable String change, byte @Nullable [] sealed, byte[] salts) {
        if (sealed == null) {
            return change;
        }
        String said = open(sealed, salts, SALT_AT);
        return change == null ? said : said + change;
    }

    /// Seals a text together with its salt, which is wiped where it stood.
    byte[] seal(String said, byte[] salts, int at) {
        byte[] text = said.getBytes(StandardCharsets.UTF_8);
        byte[] plain = Arrays.copyOfRange(salts, at, at + Commitment.SALT_BYTES + text.length);
        System.arraycopy(text, 0, plain, Commitment.SALT_BYTES, text.length);
        Arrays.fill(salts, at, at + Commitment.SALT_BYTES, (byte) 0);
        return seal.seal().apply(plain);
    }

    /// Opens what [#seal] sealed; the salt is put back where it belongs.
    String open(byte[] sealed, byte[] salts, int at) {
        byte[] plain = seal.open().apply(sealed);
        System.arraycopy(plain, 0, salts, at, Commitment.SALT_BYTES);
        return new String(
                plain,
                Commitment.SALT_BYTES,
                plain.length - Commitment.SALT_BYTES,
                StandardCharsets.UTF_8);
    }

    /// Seals what the version before wrote in clear, page by page; goes on where it was left.
    void sealOld(Database database) {
        UUID after = new UUID(0, 0);
        while (after != null) {
            UUID from = after;
            after = database.inTransaction(tx -> sealOld(tx, from));
        }
    }

    private @Nullable UUID sealOld(Tx tx, UUID after) {
        UUID last = null;
        for (Row row :
                tx.run(
                        SQL.select(
                                        AUDIT_EVENT.ID,
                                        AUDIT_EVENT.OPERATION,
                                        AUDIT_EVENT.CHANGE,
                                        AUDIT_EVENT.SALTS)
                                .from(AUDIT_EVENT)
                                .where(inClear().and(AUDIT_EVENT.ID.gt(after)))
                                .orderBy(AUDIT_EVENT.ID)
                                .limit(PAGE)
                                .forUpdate())) {
            last = Rows.get(row, AUDIT_EVENT.ID);
            seal(tx, last, row);
        }
        return last;
    }

    private void seal(Tx tx, UUID id, Row row) {
        String change = Rows.get(row, AUDIT_EVENT.CHANGE);
        String said = EventStore.said(change);
        byte[] salts = Rows.get(row, AUDIT_EVENT.SALTS);
        Hidden hidden = hide(Rows.get(row, AUDIT_EVENT.OPERATION), said, salts).orElse(null);
        if (said == null || hidden == null) {
            return;
        }
        Arrays.fill(salts, SALT_AT, SALT_AT + Commitment.SALT_BYTES, (byte) 0);
        String rest = change.substring(said.length());
        tx.run(
                SQL.update(AUDIT_EVENT)
                        .set(AUDIT_EVENT.CHANGE, rest.isEmpty() ? null : rest)
                        .set(AUDIT_EVENT.CHANGE_SEALED, hidden.sealed())
                        .set(AUDIT_EVENT.CHANGE_HIDDEN, hidden.characters())
                        .set(AUDIT_EVENT.SALTS, salts)
                        .where(AUDIT_EVENT.ID.eq(id)));
    }

    /// As the partial index has it.
    private static Condition inClear() {
        return AUDIT_EVENT
                .CHANGE
                .isNotNull()
                .and(AUDIT_EVENT.CHANGE_SEALED.isNull())
                .and(
                        AUDIT_EVENT.OPERATION.in(
                                OPERATIONS.stream()
                                        .sorted()
                                        .map(org.jooq.impl.DSL::inline)
                                        .toList()));
    }
}
