package org.yifang.audit.question;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Event;
import org.yifang.audit.event.EventStore;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// Writes an event as FHIR R4 AuditEvent, shaped as IHE BALP has it (ITI Basic Audit Log Patterns).
public final class AuditEventFhir {
    private static final String EVENT_TYPE =
            "http://terminology.hl7.org/CodeSystem/audit-event-type";
    private static final String DICOM = "http://dicom.nema.org/resources/ontology/DCM";
    private static final String INTERACTION = "http://hl7.org/fhir/restful-interaction";
    private static final String OPERATION = "https://yifang.org/fhir/CodeSystem/audit-operation";
    private static final String ENTITY_TYPE =
            "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private static final String OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role";
    private static final String BALP_ENTITY =
            "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
    private static final String PROBLEM = "https://yifang.org/fhir/CodeSystem/problem";
    private static final String SOURCE_TYPE =
            "http://terminology.hl7.org/CodeSystem/security-source-type";
    private static final String PARTICIPATION =
            "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    private static final String REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    static final String SID = "https://yifang.org/fhir/sid/";
    private static final String EXTENSION = "https://yifang.org/fhir/StructureDefinition/";

    /// DICOM's ends of a way: BALP names them by where the content goes, so that whoever reads is a
    /// destination, and whoever writes or asks a source.
    private static final String SOURCE = "110153";

    private static final String DESTINATION = "110152";

    private static final String RESOURCE_TYPE = "http://hl7.org/fhir/resource-types";
    private static final String MACHINE_NAME = "1";
    private static final String IP_ADDRESS = "2";

    private final String server;

    /// @param server name of the machine that clients call
    public AuditEventFhir(String server) {
        this.server = server;
    }

    /// The entities of an event that a caller may see: a patient does not learn of others.
    static List<String> visibleEntities(Event event, Caller caller) {
        return event.entities().stream().filter(one -> isVisible(one, caller)).toList();
    }

    static boolean isVisible(@Nullable String entity, Caller caller) {
        return entity == null
                || !caller.is(Role.PATIENT)
                || !entity.startsWith("Patient/")
                || entity.equals("Patient/" + caller.patientId());
    }

    /// The resource as JSON, as a caller may see it.
    JsonObject json(Event event, Caller caller) {
        return json(event, visibleEntities(event, caller));
    }

    /// The resource as JSON.
    ///
    /// @param entities those to show
    JsonObject json(Event event, List<String> entities) {
        boolean login = event.type().equals(Event.LOGIN);
        JsonObject resource =
                new JsonObject()
                        .put("resourceType", "AuditEvent")
                        .put("id", event.id().toString())
                        .put(
                                "meta",
                                new JsonObject()
                                        .put("versionId", "1")
                                        .put("lastUpdated", event.recorded().toString()))
                        .put("type", coding(login ? DICOM : EVENT_TYPE, event.type()))
                        .put("subtype", subtypes(event))
                        .put("action", event.action())
                        .put("recorded", event.recorded().toString())
                        .put("outcome", String.valueOf(event.outcome()));
        if (event.problem() != null) {
            resource.put("outcomeDesc", event.problem());
        }
        if (event.purpose() != null) {
            resource.put("purposeOfEvent", new JsonArray().add(concept(REASON, event.purpose())));
        }
        return resource.put("agent", agents(event))
                .put(
                        "source",
                        new JsonObject()
                                .put("observer", new JsonObject().put("display", "Yifang"))
                                .put("type", new JsonArray().add(coding(SOURCE_TYPE, "4"))))
                .put("entity", entities(event, entities));
    }

    /// The resource with its place in the log and what opens its commitments, so that whoever holds
    /// an export can check it against the published log without asking again.
    JsonObject opened(EventStore.Stored stored, long index) {
        Event event = stored.event();
        return json(event, event.entities())
                .put(
                        "extension",
                        new JsonArray()
                                .add(extension("audit-entry").put("valueString", "" + index))
                                .add(
                                        extension("audit-salts")
                                                .put(
                                                        "valueBase64Binary",
                                                        Base64.getEncoder()
                                                                .encodeToString(stored.salts()))));
    }

    private static JsonObject extension(String name) {
        return new JsonObject().put("url", EXTENSION + name);
    }

    private static JsonArray subtypes(Event event) {
        JsonArray subtypes = new JsonArray();
        if (!event.type().equals(Event.LOGIN)) {
            subtypes.add(coding(INTERACTION, event.interaction()));
        }
        return event.operation().isEmpty()
                ? subtypes
                : subtypes.add(coding(OPERATION, event.operation()));
    }

    private JsonArray agents(Event event) {
        JsonArray agents = new JsonArray();
        boolean reads = event.action().equals("R");
        JsonObject client =
                new JsonObject()
                        .put("type", concept(DICOM, reads ? DESTINATION : SOURCE))
                        .put("requestor", !hasPerson(event));
        if (!event.address().isEmpty()) {
            client.put("network", network(event.address(), IP_ADDRESS));
        }
        if (event.client() != null) {
            client.put("altId", event.client());
        }
        if (event.organization() != null) {
            client.put("who", organization(event));
        }
        if (event.role() != null) {
            client.put(
                    "role",
                    new JsonArray()
                            .add(
                                    concept(
                                            "https://yifang.org/fhir/CodeSystem/client-role",
                                            event.role())));
        }
        agents.add(client);
        agents.add(
                new JsonObject()
                        .put("type", concept(DICOM, reads ? SOURCE : DESTINATION))
                        .put("who", new JsonObject().put("display", "Yifang"))
                        .put("requestor", false)
                        .put("network", network(server, MACHINE_NAME)));
        if (hasPerson(event)) {
            agents.add(person(event));
        }
        return agents;
    }

    private static JsonObject network(String address, String type) {
        return new JsonObject().put("address", address).put("type", type);
    }

    private static boolean hasPerson(Event event) {
        return event.personId() != null
                || event.personName() != null
                || event.personRole() != null
                || event.personOrganization() != null;
    }

    private static JsonObject organization(Event event) {
        JsonObject who =
                new JsonObject().put("identifier", identifier("nhsa-org", event.organization()));
        if (event.organizationId() != null) {
            who.put("reference", "Organization/" + event.organizationId());
        }
        return who;
    }

    private static JsonObject person(Event event) {
        // Who writes is the author of what is written, anybody else receives it.
        String participation =
                switch (event.interaction()) {
                    case "create", "update" -> "AUT";
                    default -> "IRCP";
                };
        JsonObject person =
                new JsonObject()
                        .put("type", concept(PARTICIPATION, participation))
                        .put("requestor", true);
        if (event.purpose() != null) {
            person.put("purposeOfUse", new JsonArray().add(concept(REASON, event.purpose())));
        }
        JsonObject who = new JsonObject();
        if (event.personId() != null) {
            who.put("identifier", identifier("nhsa-staff", event.personId()));
            person.put("altId", event.personId());
        }
        if (event.personName() != null) {
            who.put("display", event.personName());
            person.put("name", event.personName());
        }
        if (!who.isEmpty()) {
            person.put("who", who);
        }
        if (event.personRole() != null) {
            person.put(
                    "role", new JsonArray().add(new JsonObject().put("text", event.personRole())));
        }
        if (event.personOrganization() != null) {
            person.put(
                    "extension",
                    new JsonArray()
                            .add(
                                    extension("person-organization")
                                            .put("valueString", event.personOrganization())));
        }
        return person;
    }

    private static JsonArray entities(Event event, List<String> references) {
        JsonArray entities = new JsonArray();
        for (String reference : references) {
            boolean patient = reference.startsWith("Patient/");
            entities.add(
                    new JsonObject()
                            .put("what", new JsonObject().put("reference", reference))
                            .put("type", entityType(event, reference))
                            .put("role", coding(OBJECT_ROLE, patient ? "1" : "4")));
        }
        JsonObject call =
                new JsonObject()
                        .put(
                                "what",
                                new JsonObject()
                                        .put(
                                                "identifier",
                                                new JsonObject().put("value", event.request())))
                        .put("type", coding(BALP_ENTITY, "XrequestId"));
        JsonArray details = details(event);
        if (!details.isEmpty()) {
            call.put("detail", details);
        }
        entities.add(call);
        if (event.query() != null) {
            entities.add(
                    new JsonObject()
                            .put("type", coding(ENTITY_TYPE, "2"))
                            .put("role", coding(OBJECT_ROLE, "24"))
                            .put(
                                    "query",
                                    Base64.getEncoder()
                                            .encodeToString(
                                                    event.query()
                                                            .getBytes(StandardCharsets.UTF_8))));
        }
        return entities;
    }

    /// BALP tells slices by type alone: one "System Object" is the resource that was called for, in
    /// a search the question itself. What else is concerned is named by its resource type.
    private static JsonObject entityType(Event event, String reference) {
        String type = reference.substring(0, reference.indexOf('/'));
        if (type.equals("Patient")) {
            return coding(ENTITY_TYPE, "1");
        }
        boolean calledFor =
                switch (event.interaction()) {
                    case "search-type" -> false;
                    case "operation" -> type.equals("Task");
                    default -> type.equals(event.operation());
                };
        return calledFor ? coding(ENTITY_TYPE, "2") : coding(RESOURCE_TYPE, type);
    }

    private static JsonArray details(Event event) {
        JsonArray details = new JsonArray();
        if (event.problem() != null) {
            details.add(detail(PROBLEM, event.problem()));
        }
        if (event.change() != null) {
            details.add(detail("change", event.change()));
        }
        if (event.times() > 1) {
            details.add(detail("times", String.valueOf(event.times())));
        }
        return details;
    }

    private static JsonObject detail(String type, String value) {
        return new JsonObject().put("type", type).put("valueString", value);
    }

    private static JsonObject identifier(String system, @Nullable String value) {
        return new JsonObject().put("system", SID + system).put("value", value);
    }

    private static JsonObject coding(String system, String code) {
        return new JsonObject().put("system", system).put("code", code);
    }

    private static JsonObject concept(String system, String code) {
        return new JsonObject().put("coding", new JsonArray().add(coding(system, code)));
    }
}
