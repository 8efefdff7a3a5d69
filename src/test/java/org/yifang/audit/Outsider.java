package org.yifang.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Somebody who has nothing of ours but the page about the log: opens the commitments of an
/// exported AuditEvent as the page says, with none of the service's code.
public final class Outsider {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OURS = "https://yifang.org/fhir/StructureDefinition/";

    /// The fields that the page names, in its order, without the entities.
    public static final List<String> FIELDS =
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

    /// Where an exported AuditEvent says that its entry stands.
    public static int entryOf(JsonNode event) {
        return Integer.parseInt(extension(event, "audit-entry", "valueString"));
    }

    /// The first field of an exported AuditEvent that its entry did not commit to; null when all of
    /// it is as in the log.
    public static @Nullable String unlike(JsonNode event, byte[] entry) throws Exception {
        JsonNode leaf = JSON.readTree(entry);
        if (!leaf.path("id").equals(event.path("id"))) {
            return "id";
        }
        if (!leaf.path("type").equals(event.at("/type/code"))) {
            return "type";
        }
        byte[] salts =
                Base64.getDecoder().decode(extension(event, "audit-salts", "valueBase64Binary"));
        List<String> values = values(event);
        if (salts.length != 16 * values.size()
                || leaf.path("commitments").size() != values.size()) {
            return "number of fields";
        }
        for (int i = 0; i < values.size(); i++) {
            String field =
                    i < FIELDS.size() ? FIELDS.get(i) : "entity.%03d".formatted(i - FIELDS.size());
            String hash =
                    commitment(
                            Arrays.copyOfRange(salts, 16 * i, 16 * i + 16),
                            JSON.writeValueAsString(values.get(i)));
            if (!hash.equals(leaf.path("commitments").path(field).asText())) {
                return field;
            }
        }
        return null;
    }

    /// @param value as RFC 8785 writes it
    public static String commitment(byte[] salt, String value) throws GeneralSecurityException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update(salt);
        return Base64.getEncoder()
                .encodeToString(sha256.digest(value.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> values(JsonNode event) {
        JsonNode client = event.at("/agent/0");
        JsonNode person = event.at("/agent/2");
        JsonNode call = JSON.createObjectNode();
        String query = null;
        List<String> references = new ArrayList<>();
        for (JsonNode entity : event.path("entity")) {
            if (entity.at("/type/code").asText().equals("XrequestId")) {
                call = entity;
            }
            if (entity.has("query")) {
                byte[] bytes = Base64.getDecoder().decode(entity.path("query").asText());
                query = new String(bytes, StandardCharsets.UTF_8);
            }
            if (!entity.at("/what/reference").isMissingNode()) {
                references.add(entity.at("/what/reference").asText());
            }
        }
        boolean login = event.at("/type/code").asText().equals("110114");
        String operation = subtype(event, "https://yifang.org/fhir/CodeSystem/audit-operation");
        String times = detail(call, "times");
        List<String> values = new ArrayList<>();
        values.add(text(event, "/recorded"));
        values.add(text(event, "/action"));
        values.add(login ? "login" : subtype(event, "http://hl7.org/fhir/restful-interaction"));
        values.add(operation == null ? "" : operation);
        values.add(text(event, "/outcome"));
        values.add(text(event, "/outcomeDesc"));
        values.add(text(client, "/altId"));
        values.add(text(client, "/role/0/coding/0/code"));
        values.add(text(client, "/who/identifier/value"));
        values.add(text(person, "/altId"));
        values.add(text(person, "/name"));
        values.add(text(person, "/role/0/text"));
        values.add(extension(person, "person-organization", "valueString"));
        values.add(text(event, "/purposeOfEvent/0/coding/0/code"));
        String address = text(client, "/network/address");
        values.add(address == null ? "" : address);
        values.add(text(call, "/what/identifier/value"));
        values.add(detail(call, "change"));
        values.add(query);
        values.add(times == null ? "1" : times);
        values.addAll(references);
        int slots = 4;
        while (slots < references.size()) {
            slots *= 2;
        }
        while (values.size() < FIELDS.size() + slots) {
            values.add(null);
        }
        return values;
    }

    private static @Nullable String text(JsonNode node, String pointer) {
        JsonNode found = node.at(pointer);
        return found.isMissingNode() ? null : found.asText();
    }

    private static @Nullable String subtype(JsonNode event, String system) {
        for (JsonNode subtype : event.path("subtype")) {
            if (subtype.path("system").asText().equals(system)) {
                return subtype.path("code").asText();
            }
        }
        return null;
    }

    private static @Nullable String detail(JsonNode call, String type) {
        for (JsonNode detail : call.path("detail")) {
            if (detail.path("type").asText().equals(type)) {
                return detail.path("valueString").asText();
            }
        }
        return null;
    }

    private static @Nullable String extension(JsonNode node, String name, String value) {
        for (JsonNode extension : node.path("extension")) {
            if (extension.path("url").asText().equals(OURS + name)) {
                return extension.path(value).asText();
            }
        }
        return null;
    }

    private Outsider() {}
}
