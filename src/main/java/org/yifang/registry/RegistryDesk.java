package org.yifang.registry;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Outcomes;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Tx;
import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

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

    private final Uuid7 ids;
    private final String region;

    /// @param region GB/T 2260, of what does not say its own
    public RegistryDesk(Uuid7 ids, String region) {
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
        Organization was = OrganizationStore.lock(tx, id, draft.number()).orElse(null);
        if (was == null && id != null) {
            throw Outcomes.notFound();
        }
        if (was == null) {
            Done made = insert(tx, draft, now);
            if (made != null) {
                return made;
            }
            was = OrganizationStore.lock(tx, null, draft.number()).orElseThrow();
        }
        check(version, was.version());
        if (was.kind() != draft.kind() || !was.number().equals(draft.number())) {
            throw unfit(
                    "`%s` is registered as `%s`; number and kind never change."
                            .formatted(was.number(), was.kind().code()));
        }
        String uscc = was.uscc() == null ? null : was.uscc().value();
        Difference difference =
                new Difference()
                        .add("name", was.name(), draft.name())
                        .add("uscc", uscc, draft.uscc())
                        .add("partOf", was.partOf(), draft.partOf())
                        .add("phone", was.phone(), draft.phone());
        long at = was.version();
        if (!difference.isEmpty()) {
            at++;
            OrganizationStore.update(tx, organization(draft, was.id(), was.region(), at, now));
        }
        return new Done(was.id(), at, was.number(), difference.toString());
    }

    private static Organization organization(
            OrganizationDraft draft, UUID id, String region, long version, Instant now) {
        return new Organization(
                id,
                region,
                draft.number(),
                draft.kind(),
                draft.name(),
                draft.uscc() == null ? null : new Uscc(draft.uscc()),
                draft.partOf(),
                draft.phone(),
                List.of(),
                version,
                now);
    }

    /// Registers an organization unless its number is taken, as the unique index says; then tells
    /// whose it is, as it is.
    public Done register(Tx tx, OrganizationDraft draft, Instant now) {
        Done made = insert(tx, draft, now);
        if (made != null) {
            return made;
        }
        Organization there = OrganizationStore.lock(tx, null, draft.number()).orElseThrow();
        return new Done(there.id(), there.version(), there.number(), "");
    }

    /// Null when somebody else has the number.
    private @Nullable Done insert(Tx tx, OrganizationDraft draft, Instant now) {
        UUID id = ids.get();
        String where =
                NhsaOrganization.parse(draft.number()).map(NhsaOrganization::region).orElse(region);
        return OrganizationStore.insertNew(tx, organization(draft, id, where, 1, now))
                ? new Done(id, 1, null, "registered `" + draft.number() + "` " + draft.name())
                : null;
    }

    /// Registers the counter of an organization by its name, or changes it.
    ///
    /// @param id of the one to be changed, null for the organization's of that name, else its first
    public Done save(
            Tx tx, LocationDraft draft, @Nullable UUID id, @Nullable Long version, Instant now) {
        Location was =
                OrganizationStore.lockLocation(tx, id, draft.organizationId(), draft.name())
                        .orElse(null);
        if (was == null) {
            Location made = location(draft, ids.get(), 1, now);
            OrganizationStore.insertLocation(tx, made, region);
            return new Done(
                    made.id(), 1, null, "counter `" + draft.name() + "` at " + draft.address());
        }
        check(version, was.version());
        if (!was.organizationId().equals(draft.organizationId())) {
            throw unfit("A counter stays with its organization; register another one.");
        }
        // The same hours may be written in more than one way.
        OpeningHours hours =
                was.hours().spans().equals(draft.hours().spans()) ? was.hours() : draft.hours();
        Difference difference =
                new Difference()
                        .add("name", was.name(), draft.name())
                        .add("address", was.address(), draft.address())
                        .add("latitude", was.place().latitude(), draft.place().latitude())
                        .add("longitude", was.place().longitude(), draft.place().longitude())
                        .add("hours", was.hours().toString(), hours.toString());
        long at = was.version();
        if (!difference.isEmpty()) {
            at++;
            OrganizationStore.updateLocation(tx, location(draft, was.id(), at, now));
        }
        return new Done(was.id(), at, draft.name(), difference.toString());
    }

    private static Location location(LocationDraft draft, UUID id, long version, Instant now) {
        return new Location(
                id,
                draft.organizationId(),
                draft.name(),
                draft.address(),
                draft.place(),
                draft.hours(),
                version,
                now);
    }

    /// Registers someone by the staff number, or changes what is known; whom documents alone named
    /// is registered so.
    public Done save(
            Tx tx,
            PractitionerDraft draft,
            @Nullable UUID id,
            @Nullable Long version,
            Instant now) {
        Practitioner was =
                (id == null
                                ? PractitionerStore.lock(tx, draft.number())
                                : PractitionerStore.lock(tx, id))
                        .orElse(null);
        if (was == null && id != null) {
            throw Outcomes.notFound();
        }
        if (was == null) {
            Done made = insert(tx, draft, now);
            if (made != null) {
                return made;
            }
            was = PractitionerStore.lock(tx, draft.number()).orElseThrow();
        }
        check(version, was.version());
        if (!was.number().equals(draft.number())) {
            throw unfit("A staff number never changes; register another one.");
        }
        boolean renamed = !was.name().equals(draft.name());
        Difference difference =
                new Difference()
                        .add("profession", was.profession().code(), draft.profession().code())
                        .add("title", was.title(), draft.title())
                        .add("organization", was.organizationId(), draft.organizationId());
        long at = was.version();
        if (!difference.isEmpty() || renamed) {
            at++;
            PractitionerStore.update(tx, practitioner(draft, was.id(), at, now));
        }
        // A person's name stands in no audit row in clear.
        return new Done(
                was.id(),
                at,
                draft.number(),
                difference.toString() + (renamed ? "name replaced" : ""));
    }

    /// Registers someone unless the staff number is taken, as the unique index says; then tells
    /// whose it is, as known.
    public Done register(Tx tx, PractitionerDraft draft, Instant now) {
        Done made = insert(tx, draft, now);
        if (made != null) {
            return made;
        }
        Practitioner there = PractitionerStore.lock(tx, draft.number()).orElseThrow();
        return new Done(there.id(), there.version(), there.number(), "");
    }

    private @Nullable Done insert(Tx tx, PractitionerDraft draft, Instant now) {
        Practitioner made = practitioner(draft, ids.get(), 1, now);
        return PractitionerStore.insertNew(tx, made, region)
                ? new Done(made.id(), 1, null, "registered `" + draft.number() + "`")
                : null;
    }

    private static Practitioner practitioner(
            PractitionerDraft draft, UUID id, long version, Instant now) {
        return new Practitioner(
                id,
                draft.number(),
                draft.name(),
                draft.profession(),
                draft.title(),
                draft.organizationId(),
                version,
                now);
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
