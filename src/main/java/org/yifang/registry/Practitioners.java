package org.yifang.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// All who sign, by staff number.
public final class Practitioners {
    /// Ids never change and rows are never removed, so an id once seen holds.
    private static final int CACHED_MAX = 50_000;

    private final Database database;
    private final Uuid7 ids;
    private final Cache<String, UUID> idsByNumber =
            Caffeine.newBuilder().maximumSize(CACHED_MAX).build();

    /// @param ids makes UUIDv7
    public Practitioners(Database database, Uuid7 ids) {
        this.database = database;
        this.ids = ids;
    }

    /// The id of the practitioner with this staff number; registered under the name of the document
    /// when nobody has it yet. A number that is known keeps its name. It is registered in a
    /// transaction of its own: whom a refused document names is no secret and does no harm.
    public UUID findOrCreate(
            String number,
            String name,
            Practitioner.Profession profession,
            @Nullable UUID organizationId,
            String region,
            Instant now) {
        @Nullable UUID cached = idsByNumber.getIfPresent(number);
        if (cached != null) {
            return cached;
        }
        UUID id =
                database.inTransaction(tx -> {
                    PractitionerStore.insert(
                            tx,
                            new Practitioner(
                                    ids.get(),
                                    number,
                                    name,
                                    profession,
                                    null,
                                    organizationId,
                                    1,
                                    now),
                            region);
                    return PractitionerStore.byNumber(tx, number).orElseThrow().id();
                });
        idsByNumber.put(number, id);
        return id;
    }

    /// The practitioner with this staff number. Waits.
    public Optional<Practitioner> byNumber(String number) {
        return PractitionerStore.byNumber(database, number);
    }

    /// The practitioner with this id. Waits.
    public Optional<Practitioner> byId(UUID id) {
        return PractitionerStore.byId(database, id);
    }
}
