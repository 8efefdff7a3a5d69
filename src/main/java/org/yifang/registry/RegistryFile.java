package org.yifang.registry;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Uuid7;
import org.yifang.platform.data.Database;
import org.yifang.platform.data.Tx;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/// Registers the organizations and practitioners of a JSON file, such as the demonstration's.
///
/// `{"organizations": [{number, kind, name, uscc, partOf, phone, place: {name, address, latitude,
/// longitude, hours}, staff: [{number, name, profession, title}]}]}`; a hospital stands before its
/// pharmacies.
public final class RegistryFile {
    private final JsonArray organizations;

    private RegistryFile(JsonArray organizations) {
        this.organizations = organizations;
    }

    public static RegistryFile parse(byte[] json) {
        return new RegistryFile(
                new JsonObject(new String(json, StandardCharsets.UTF_8))
                        .getJsonArray("organizations"));
    }

    /// Adds what is missing, by number; what is there stays as it is. Several processes may do so
    /// at once.
    ///
    /// @param region GB/T 2260, of organizations whose number does not say it
    /// @return how many organizations were added
    public int load(Database database, Uuid7 ids, String region, Instant now) {
        return database.inTransaction(tx -> {
            Map<String, UUID> known = OrganizationStore.numbers(tx);
            int added = 0;
            for (JsonObject one : objects(organizations)) {
                String number = one.getString("number");
                if (!known.containsKey(number)) {
                    known.put(number, ids.get());
                    OrganizationStore.insert(tx, organization(one, known, ids, region, now));
                    added++;
                }
                staff(tx, one, Objects.requireNonNull(known.get(number)), ids, region, now);
            }
            return added;
        });
    }

    private static Organization organization(
            JsonObject json, Map<String, UUID> known, Uuid7 ids, String region, Instant now) {
        String number = json.getString("number");
        UUID id = Objects.requireNonNull(known.get(number));
        @Nullable String uscc = json.getString("uscc");
        @Nullable String partOf = json.getString("partOf");
        @Nullable JsonObject place = json.getJsonObject("place");
        return new Organization(
                id,
                NhsaOrganization.parse(number).map(NhsaOrganization::region).orElse(region),
                number,
                Organization.Kind.of(json.getString("kind")),
                json.getString("name"),
                uscc == null ? null : new Uscc(uscc),
                partOf == null ? null : Optional.ofNullable(known.get(partOf)).orElseThrow(),
                json.getString("phone"),
                place == null ? List.of() : List.of(location(place, ids.get(), id, now)),
                1,
                now);
    }

    private static Location location(JsonObject json, UUID id, UUID organization, Instant now) {
        return new Location(
                id,
                organization,
                json.getString("name"),
                json.getString("address"),
                new Place(json.getDouble("latitude"), json.getDouble("longitude")),
                OpeningHours.parse(json.getString("hours")),
                1,
                now);
    }

    private static void staff(
            Tx tx,
            JsonObject organization,
            UUID organizationId,
            Uuid7 ids,
            String region,
            Instant now) {
        for (JsonObject one : objects(organization.getJsonArray("staff", new JsonArray()))) {
            PractitionerStore.insert(
                    tx,
                    new Practitioner(
                            ids.get(),
                            new NhsaStaff(one.getString("number")).value(),
                            one.getString("name"),
                            Practitioner.Profession.of(one.getString("profession")),
                            one.getString("title"),
                            organizationId,
                            1,
                            now),
                    region);
        }
    }

    private static List<JsonObject> objects(JsonArray array) {
        return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
    }
}
