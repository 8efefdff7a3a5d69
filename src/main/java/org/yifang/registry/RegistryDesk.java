package org.yifang.registry;

import static org.yifang.generated.Tables.LOCATION;
import static org.yifang.generated.Tables.ORGANIZATION;
import static org.yifang.generated.Tables.PRACTITIONER;
import static org.yifang.platform.data.Database.SQL;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.data.Rows;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Changes the public part of the registry: organizations, where they are, who works there.
///
/// Each change is asked for as it should be; what is so already changes nothing.
public final class RegistryDesk {
    /// What became of a row, and what it was.
    ///
    /// @param was null when it was not there
    /// @param change what changed, empty when nothing did
    public record Done(UUID id, long version, @Nullable String was, String change) {
        public boolean isNew() {
            return was == null;
        }

        public boolean isChanged() {
            return !change.isEmpty();
        }
    }

    /// An organization as it should be.
    public record OrganizationDraft(
            String number,
            Organization.Kind kind,
            String name,
            @Nullable String uscc,
            @Nullable UUID partOf,
            @Nullable String phone) {}

    /// A counter as it should be.
    public record LocationDraft(
            UUID organizationId, String name, String address, Place place, OpeningHours hours) {}

    /// Someone who signs, as registered.
    public record PractitionerDraft(
            String number,
            String name,
            Practitioner.Profession profession,
            @Nullable String title,
            @Nullable UUID organizationId) {}

    private final Supplier<UUID> ids;
    private final String region;

    /// @param region GB/T 2260, of what does not say its own
    public RegistryDesk(Supplier<UUID> ids, String region) {
        this.ids = ids;
        this.region = region;
    }

    /// Registers an organization by its number, or changes it.
    ///
    /// @param id of the one to be changed, null for whichever has that number
    /// @param version that it must have, or null
    public Done save(
            Tx tx,
            OrganizationDraft draft,
            @Nullable UUID id,
            @Nullable Long version,
            Instant now) {
        var rows =
                tx.run(
                                SQL.select(ORGANIZATION.fields())
                                        .from(ORGANIZATION)
                                        .where(
                                                id == null
                                                        ? ORGANIZATION.NUMBER.eq(draft.number())
                                                        : ORGANIZATION.ID.eq(id))
                                        .forUpdate())
                        .iterator();
        if (!rows.hasNext()) {
            return insert(tx, draft, now);
        }
        var row = rows.next();
        UUID found = Rows.get(row, ORGANIZATION.ID);
        long at = Rows.get(row, ORGANIZATION.VERSION);
        check(version, at);
        String kind = Rows.get(row, ORGANIZATION.KIND);
        String number = Rows.get(row, ORGANIZATION.NUMBER);
        if (!kind.equals(draft.kind().code()) || !number.equals(draft.number())) {
            throw unfit(
                    "`%s` is registered as `%s`; number and kind never change."
                            .formatted(number, kind));
        }
        Difference difference =
                new Difference()
                        .add("name", Rows.get(row, ORGANIZATION.NAME), draft.name())
                        .add("uscc", Rows.find(row, ORGANIZATION.USCC), draft.uscc())
                        .add("partOf", Rows.find(row, ORGANIZATION.PART_OF), draft.partOf())
                        .add("phone", Rows.find(row, ORGANIZATION.PHONE), draft.phone());
        if (!difference.isEmpty()) {
            tx.run(
                    SQL.update(ORGANIZATION)
                            .set(ORGANIZATION.NAME, draft.name())
                            .set(ORGANIZATION.USCC, draft.uscc())
                            .set(ORGANIZATION.PART_OF, draft.partOf())
                            .set(ORGANIZATION.PHONE, draft.phone())
                            .set(ORGANIZATION.VERSION, ++at)
                            .set(ORGANIZATION.UPDATED_AT, now)
                            .where(ORGANIZATION.ID.eq(found)));
        }
        return new Done(found, at, number, difference.toString());
    }

    private Done insert(Tx tx, OrganizationDraft draft, Instant now) {
        UUID id = ids.get();
        OrganizationStore.insert(
                tx,
                new Organization(
                        id,
                        NhsaOrganization.parse(draft.number())
                                .map(NhsaOrganization::region)
                                .orElse(region),
                        draft.number(),
                        draft.kind(),
                        draft.name(),
                        draft.uscc() == null ? null : new Uscc(draft.uscc()),
                        draft.partOf(),
                        draft.phone(),
                        java.util.List.of(),
                        1,
                        now));
        return new Done(id, 1, null, "registered `" + draft.number() + "` " + draft.name());
    }

    /// Registers the counter of an organization by its name, or changes it.
    ///
    /// @param id of the one to be changed, null for the organization's of that name, else its first
    public Done save(
            Tx tx, LocationDraft draft, @Nullable UUID id, @Nullable Long version, Instant now) {
        var rows =
                tx.run(
                                SQL.select(LOCATION.fields())
                                        .from(LOCATION)
                                        .where(
                                                id == null
                                                        ? LOCATION.ORGANIZATION_ID.eq(
                                                                draft.organizationId())
                                                        : LOCATION.ID.eq(id))
                                        .orderBy(LOCATION.NAME.eq(draft.name()).desc(), LOCATION.ID)
                                        .limit(1)
                                        .forUpdate())
                        .iterator();
        if (!rows.hasNext()) {
            return insert(tx, draft, now);
        }
        var row = rows.next();
        UUID found = Rows.get(row, LOCATION.ID);
        long at = Rows.get(row, LOCATION.VERSION);
        check(version, at);
        if (!Rows.get(row, LOCATION.ORGANIZATION_ID).equals(draft.organizationId())) {
            throw unfit("A counter stays with its organization; register another one.");
        }
        Difference difference =
                new Difference()
                        .add("name", Rows.get(row, LOCATION.NAME), draft.name())
                        .add("address", Rows.get(row, LOCATION.ADDRESS), draft.address())
                        .add("latitude", Rows.get(row, LOCATION.LATITUDE), draft.place().latitude())
                        .add(
                                "longitude",
                                Rows.get(row, LOCATION.LONGITUDE),
                                draft.place().longitude())
                        .add("hours", Rows.get(row, LOCATION.HOURS), draft.hours().toString());
        if (!difference.isEmpty()) {
            tx.run(
                    SQL.update(LOCATION)
                            .set(LOCATION.NAME, draft.name())
                            .set(LOCATION.ADDRESS, draft.address())
                            .set(LOCATION.LATITUDE, draft.place().latitude())
                            .set(LOCATION.LONGITUDE, draft.place().longitude())
                            .set(LOCATION.HOURS, draft.hours().toString())
                            .set(LOCATION.VERSION, ++at)
                            .set(LOCATION.UPDATED_AT, now)
                            .where(LOCATION.ID.eq(found)));
        }
        return new Done(found, at, draft.name(), difference.toString());
    }

    private Done insert(Tx tx, LocationDraft draft, Instant now) {
        UUID id = ids.get();
        tx.run(
                SQL.insertInto(LOCATION)
                        .set(LOCATION.ID, id)
                        .set(LOCATION.REGION, region)
                        .set(LOCATION.ORGANIZATION_ID, draft.organizationId())
                        .set(LOCATION.NAME, draft.name())
                        .set(LOCATION.ADDRESS, draft.address())
                        .set(LOCATION.LATITUDE, draft.place().latitude())
                        .set(LOCATION.LONGITUDE, draft.place().longitude())
                        .set(LOCATION.HOURS, draft.hours().toString())
                        .set(LOCATION.VERSION, 1L)
                        .set(LOCATION.CREATED_AT, now)
                        .set(LOCATION.UPDATED_AT, now));
        return new Done(id, 1, null, "counter `" + draft.name() + "` at " + draft.address());
    }

    /// Registers someone by the staff number, or changes what is known; whom documents alone named
    /// is registered so.
    public Done save(
            Tx tx,
            PractitionerDraft draft,
            @Nullable UUID id,
            @Nullable Long version,
            Instant now) {
        var rows =
                tx.run(
                                SQL.select(PRACTITIONER.fields())
                                        .from(PRACTITIONER)
                                        .where(
                                                id == null
                                                        ? PRACTITIONER.NUMBER.eq(draft.number())
                                                        : PRACTITIONER.ID.eq(id))
                                        .forUpdate())
                        .iterator();
        if (!rows.hasNext()) {
            UUID fresh = ids.get();
            Practitioners.insert(
                    tx,
                    new Practitioner(
                            fresh,
                            draft.number(),
                            draft.name(),
                            draft.profession(),
                            draft.title(),
                            draft.organizationId(),
                            1,
                            now),
                    region);
            return new Done(fresh, 1, null, "registered `" + draft.number() + "`");
        }
        var row = rows.next();
        UUID found = Rows.get(row, PRACTITIONER.ID);
        long at = Rows.get(row, PRACTITIONER.VERSION);
        check(version, at);
        if (!Rows.get(row, PRACTITIONER.NUMBER).equals(draft.number())) {
            throw unfit("A staff number never changes; register another one.");
        }
        boolean renamed = !Rows.get(row, PRACTITIONER.NAME).equals(draft.name());
        Difference difference =
                new Difference()
                        .add(
                                "profession",
                                Rows.get(row, PRACTITIONER.PROFESSION),
                                draft.profession().code())
                        .add("title", Rows.find(row, PRACTITIONER.TITLE), draft.title())
                        .add(
                                "organization",
                                Rows.find(row, PRACTITIONER.ORGANIZATION_ID),
                                draft.organizationId());
        if (!difference.isEmpty() || renamed) {
            tx.run(
                    SQL.update(PRACTITIONER)
                            .set(PRACTITIONER.NAME, draft.name())
                            .set(PRACTITIONER.PROFESSION, draft.profession().code())
                            .set(PRACTITIONER.TITLE, draft.title())
                            .set(PRACTITIONER.ORGANIZATION_ID, draft.organizationId())
                            .set(PRACTITIONER.VERSION, ++at)
                            .set(PRACTITIONER.UPDATED_AT, now)
                            .where(PRACTITIONER.ID.eq(found)));
        }
        // A person's name stands in no audit row in clear.
        return new Done(
                found,
                at,
                draft.number(),
                difference.toString() + (renamed ? "name replaced" : ""));
    }

    private static void check(@Nullable Long wanted, long at) {
        if (wanted != null && wanted != at) {
            throw new Problem(
                    ProblemCode.VERSION_MISMATCH,
                    "It is at version `" + at + "`.",
                    "Read it again and repeat the change on that.");
        }
    }

    private static Problem unfit(String detail) {
        return new Problem(ProblemCode.REGISTRATION_UNFIT, detail);
    }

    /// What differs, field by field.
    private static final class Difference {
        private final StringBuilder text = new StringBuilder();

        Difference add(String name, @Nullable Object was, @Nullable Object is) {
            if (!Objects.equals(was, is)) {
                text.append(name)
                        .append(": ")
                        .append(Optional.ofNullable(was).orElse("none"))
                        .append(" -> ")
                        .append(Optional.ofNullable(is).orElse("none"))
                        .append("; ");
            }
            return this;
        }

        boolean isEmpty() {
            return text.isEmpty();
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
