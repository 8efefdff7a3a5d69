package org.yifang.prescription.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;
import org.yifang.platform.Caller;
import org.yifang.prescription.paper.DocumentParts;
import org.yifang.registry.NhsaStaff;
import org.yifang.registry.Practitioner;
import org.yifang.registry.Practitioners;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// Whom a document names, under the ids of the registry.
final class DocumentPeople implements DocumentParts.KeptIds {
    private final Caller hospital;
    private final UUID patient;
    private final Map<String, UUID> practitioners;

    /// @param practitioners by staff number, as [#register] tells
    DocumentPeople(Caller hospital, UUID patient, Map<String, UUID> practitioners) {
        this.hospital = hospital;
        this.patient = patient;
        this.practitioners = practitioners;
    }

    /// The registry's ids of everybody whom the document names by staff number; who is not known
    /// yet is registered. Waits, in transactions of its own.
    static Map<String, UUID> register(
            ObjectNode tree, Practitioners registry, String region, Instant now) {
        Map<String, UUID> found = new HashMap<>();
        for (JsonNode entry : tree.path("entry")) {
            JsonNode resource = entry.path("resource");
            String staff =
                    "Practitioner".equals(resource.path("resourceType").asText())
                            ? staffNumber(resource)
                            : null;
            if (staff != null) {
                String name = resource.path("name").path(0).path("text").asText(staff);
                found.put(
                        staff,
                        registry.findOrCreate(
                                staff, name, Practitioner.Profession.PHYSICIAN, null, region, now));
            }
        }
        return found;
    }

    @Override
    public @Nullable UUID id(ObjectNode resource) {
        return switch (resource.path("resourceType").asText()) {
            case "Patient" -> patient;
            case "Organization" ->
                    resource.path("identifier").toString().contains(hospital.organization())
                            ? hospital.organizationId()
                            : null;
            case "Practitioner" -> {
                String staff = staffNumber(resource);
                yield staff == null ? null : practitioners.get(staff);
            }
            default -> null;
        };
    }

    private static @Nullable String staffNumber(JsonNode practitioner) {
        for (JsonNode identifier : practitioner.path("identifier")) {
            if (identifier.path("system").asText().equals(NhsaStaff.SYSTEM)) {
                return identifier.path("value").asText();
            }
        }
        return null;
    }
}
