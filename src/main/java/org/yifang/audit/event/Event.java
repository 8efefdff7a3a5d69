package org.yifang.audit.event;

import org.jspecify.annotations.Nullable;
import org.yifang.fhir.rest.Access;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;
import org.yifang.platform.Uuid7;
import org.yifang.platform.problem.ProblemCode;

import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/// One audited call as it is stored, committed to and shown.
///
/// @param id UUIDv7
/// @param recorded when it was made, milliseconds; the id has the order, which a clock that was set
///   back does not change
/// @param type code of AuditEvent.type
/// @param interaction FHIR's name of the interaction, or `login`
/// @param operation name of the operation, or a resource type
/// @param action C, R, U, D or E
/// @param outcome 0 done, 4 refused, 8 failed on our side
/// @param times how many like calls this one event stands for
/// @param entities every resource concerned, as `Type/id`: patients, Tasks, then the rest
public record Event(
        UUID id,
        Instant recorded,
        String type,
        String interaction,
        String operation,
        String action,
        int outcome,
        @Nullable String problem,
        @Nullable String client,
        @Nullable String role,
        @Nullable UUID organizationId,
        @Nullable String organization,
        @Nullable String personId,
        @Nullable String personName,
        @Nullable String personRole,
        @Nullable String personOrganization,
        @Nullable String purpose,
        String address,
        String request,
        @Nullable String change,
        @Nullable String query,
        int times,
        List<String> entities) {

    /// The most entities of one event: its leaf stays far below the 65,535 bytes of an entry.
    static final int ENTITIES_MAX = 512;

    public static final String REST = "rest";

    /// DICOM's code for a user authentication, which FHIR's value set takes over.
    public static final String LOGIN = "110114";

    /// The fields that every leaf has, in the order in which salts and commitments are stored.
    public static final List<String> FIXED =
            List.of(
                    "recorded",
                    "action",
                    "interaction",
                    "operation",
                    "outcome",
                    "problem",
                    "client",
                    "role",
                    "organization",
                    "person.id",
                    "person.name",
                    "person.role",
                    "person.organization",
                    "purpose",
                    "address",
                    "request",
                    "change",
                    "query",
                    "times");

    /// Where the name of the person stands among the fields.
    static final int PERSON_NAME_AT = FIXED.indexOf("person.name");

    private static final int SLOTS_LEAST = 4;

    private static final List<String> SLOT_NAMES =
            IntStream.range(0, ENTITIES_MAX).mapToObj("entity.%03d"::formatted).toList();

    private static final int UUID_LENGTH = 36;

    /// Version of the ids that stand for people of whom nothing is known: they are never erased.
    private static final int UNKNOWN = 8;

    /// A name and the value committed to.
    public record Field(String name, @Nullable String value) {}

    public Event {
        entities = List.copyOf(entities);
    }

    /// The events of one call: one, or several with the same request id when it concerned more than
    /// [#ENTITIES_MAX] resources.
    static List<Event> of(Access access, int times, Uuid7 ids, Instant now) {
        Instant recorded = now.truncatedTo(ChronoUnit.MILLIS);
        SequencedSet<String> distinct = new LinkedHashSet<>();
        access.patients().forEach(patient -> distinct.add("Patient/" + patient));
        access.tasks().forEach(task -> distinct.add("Task/" + task));
        distinct.addAll(access.entities());
        List<String> all = List.copyOf(distinct);
        List<Event> events = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(all.size(), from + ENTITIES_MAX);
            events.add(of(access, times, ids.get(), recorded, all.subList(from, to)));
            from = to;
        } while (from < all.size());
        return events;
    }

    static Event of(Access access, int times, UUID id, Instant recorded, List<String> entities) {
        Caller caller = access.caller();
        Caller.Person person = caller == null ? Caller.Person.UNNAMED : caller.person();
        ProblemCode problem = access.problem();
        return new Event(
                id,
                recorded,
                "login".equals(access.interaction()) ? LOGIN : REST,
                access.interaction(),
                access.name(),
                String.valueOf(access.act()),
                outcome(problem),
                problem == null ? null : problem.code(),
                caller == null ? null : caller.clientId(),
                caller == null ? null : caller.role().code(),
                caller == null ? null : caller.organizationId(),
                caller == null ? null : caller.organization(),
                person.id(),
                nameOf(caller, person, entities),
                person.role(),
                person.organization(),
                person.purposeOfUse(),
                access.address(),
                access.requestId(),
                access.change(),
                access.query(),
                times,
                entities);
    }

    /// The name of whoever called. A patient's is kept only where the event names the patient
    /// first: it is found there and taken out when the person is erased; elsewhere it would stay
    /// for ever.
    private static @Nullable String nameOf(
            @Nullable Caller caller, Caller.Person person, List<String> entities) {
        if (caller == null || !caller.is(Role.PATIENT)) {
            return person.name();
        }
        UUID first =
                entities.stream()
                        .map(one -> idOf("Patient", one))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        boolean isErasable =
                first != null && first.version() != UNKNOWN && first.equals(caller.patientId());
        return isErasable ? person.name() : null;
    }

    private static int outcome(@Nullable ProblemCode problem) {
        if (problem == null) {
            return 0;
        }
        return problem.status() < 500 ? 4 : 8;
    }

    /// The instant in a UUIDv7 (RFC 9562 section 5.7).
    public static Instant timeOf(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    /// The fields of leaf version 1 in the order in which salts and commitments are stored. Absent
    /// ones are there with null, and entities fill up to a power of two, so that a leaf does not
    /// show what its event had.
    public List<Field> fields() {
        @Nullable String[] values = values();
        List<Field> fields = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            fields.add(new Field(fieldName(i), values[i]));
        }
        return fields;
    }

    /// How many [#fields] there are.
    int fieldCount() {
        return FIXED.size() + slots(entities.size());
    }

    private @Nullable String[] values() {
        @Nullable String[] fixed = {
            recorded.toString(),
            action,
            interaction,
            operation,
            String.valueOf(outcome),
            problem,
            client,
            role,
            organization,
            personId,
            personName,
            personRole,
            personOrganization,
            purpose,
            address,
            request,
            change,
            query,
            String.valueOf(times)
        };
        @Nullable String[] values = Arrays.copyOf(fixed, fieldCount());
        for (int i = 0; i < entities.size(); i++) {
            values[fixed.length + i] = entities.get(i);
        }
        return values;
    }

    public static String fieldName(int index) {
        return index < FIXED.size() ? FIXED.get(index) : SLOT_NAMES.get(index - FIXED.size());
    }

    private static int slots(int entities) {
        int slots = SLOTS_LEAST;
        while (slots < entities) {
            slots *= 2;
        }
        return slots;
    }

    /// The leaf of stored commitments.
    public static Leaf leaf(UUID id, String type, byte[] commitments) {
        SortedMap<String, Hash> named = new TreeMap<>();
        for (int i = 0; i < commitments.length / Hash.LENGTH; i++) {
            named.put(fieldName(i), Hash.of(commitments, i * Hash.LENGTH, Hash.LENGTH));
        }
        return new Leaf(id, type, named);
    }

    /// The commitments to all fields, one after the other.
    ///
    /// @param salts 16 bytes per field
    byte[] commitments(byte[] salts) {
        @Nullable String[] values = values();
        MessageDigest digest = Hash.sha256();
        byte[] commitments = new byte[values.length * Hash.LENGTH];
        for (int i = 0; i < values.length; i++) {
            Commitment.write(
                    digest,
                    salts,
                    i * Commitment.SALT_BYTES,
                    values[i],
                    commitments,
                    i * Hash.LENGTH);
        }
        return commitments;
    }

    /// The id of the first entity of `type`.
    @Nullable UUID first(String type) {
        for (String entity : entities) {
            UUID id = idOf(type, entity);
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    /// The ids of all entities of `type`.
    public List<UUID> all(String type) {
        return entities.stream()
                .map(one -> idOf(type, one))
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    /// The id in `reference` when that is `type` and a UUID as we write them, else null.
    public static @Nullable UUID idOf(String type, String reference) {
        int slash = type.length();
        if (reference.length() != slash + 1 + UUID_LENGTH
                || reference.charAt(slash) != '/'
                || !reference.startsWith(type)) {
            return null;
        }
        // Hundreds are read for one export; an expression would cost more than all else of it.
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = reference.charAt(slash + 1 + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : (c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return null;
            }
        }
        return UUID.fromString(reference.substring(slash + 1));
    }
}
