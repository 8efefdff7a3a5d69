package org.yifang.audit.question;

import org.jspecify.annotations.Nullable;
import org.yifang.audit.event.Event;
import org.yifang.audit.event.EventStore;
import org.yifang.fhir.json.FhirJson;
import org.yifang.fhir.json.FhirWriter;
import org.yifang.platform.Caller;
import org.yifang.platform.Role;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/// Writes an event as FHIR R4 AuditEvent, shaped as IHE BALP has it (ITI Basic Audit Log Patterns).
public final class AuditEventFhir {
    static final String EVENT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type";
    static final String DICOM = "http://dicom.nema.org/resources/ontology/DCM";
    static final String INTERACTION = "http://hl7.org/fhir/restful-interaction";
    static final String OPERATION = FhirJson.SYSTEMS + "audit-operation";
    private static final String ENTITY_TYPE =
            "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private static final String OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role";
    private static final String BALP_ENTITY =
            "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
    private static final String SOURCE_TYPE =
            "http://terminology.hl7.org/CodeSystem/security-source-type";
    private static final String PARTICIPATION =
            "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    static final String REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

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
    byte[] json(Event event, Caller caller) {
        return json(event, visibleEntities(event, caller), _ -> {});
    }

    /// The resource with its place in the log and what opens its commitments, so that whoever holds
    /// an export can check it against the published log without asking again.
    byte[] opened(EventStore.Stored stored, long index) {
        Event event = stored.event();
        String salts = Base64.getEncoder().encodeToString(stored.salts());
        return json(
                event,
                event.entities(),
                json ->
                        json.list(
                                "extension",
                                all -> {
                                    all.extension(
                                            "audit-entry",
                                            x -> x.string("valueString", "" + index));
                                    all.extension(
                                            "audit-salts",
                                            x -> x.string("valueBase64Binary", salts));
                                }));
    }

    /// @param entities those to show
    private byte[] json(Event event, List<String> entities, Consumer<FhirWriter> more) {
        boolean login = event.type().equals(Event.LOGIN);
        String recorded = event.recorded().toString();
        return FhirWriter.resource(
                "AuditEvent",
                json -> {
                    json.string("id", event.id().toString()).meta(1, recorded, _ -> {});
                    json.coding("type", login ? DICOM : EVENT_TYPE, event.type());
                    json.list("subtype", all -> subtypes(all, event));
                    json.string("action", event.action()).string("recorded", recorded);
                    json.string("outcome", String.valueOf(event.outcome()));
                    json.string("outcomeDesc", event.problem());
                    purpose(json, "purposeOfEvent", event);
                    json.list("agent", all -> agents(all, event));
                    json.object("source", AuditEventFhir::source);
                    json.list("entity", all -> entities(all, event, entities));
                    more.accept(json);
                });
    }

    private static void source(FhirWriter json) {
        json.object("observer", one -> one.string("display", "Yifang"));
        json.list("type", all -> all.coding(SOURCE_TYPE, "4"));
    }

    private static void purpose(FhirWriter json, String name, Event event) {
        String purpose = event.purpose();
        if (purpose != null) {
            json.list(name, all -> all.concept(REASON, purpose));
        }
    }

    private static void subtypes(FhirWriter all, Event event) {
        if (!event.type().equals(Event.LOGIN)) {
            all.coding(INTERACTION, event.interaction());
        }
        if (!event.operation().isEmpty()) {
            all.coding(OPERATION, event.operation());
        }
    }

    private void agents(FhirWriter all, Event event) {
        boolean reads = event.action().equals("R");
        all.element(one -> client(one, event, reads));
        all.element(one -> {
            one.concept("type", DICOM, reads ? SOURCE : DESTINATION);
            one.object("who", who -> who.string("display", "Yifang")).truth("requestor", false);
            network(one, server, MACHINE_NAME);
        });
        if (hasPerson(event)) {
            all.element(one -> person(one, event));
        }
    }

    private static void client(FhirWriter json, Event event, boolean reads) {
        json.concept("type", DICOM, reads ? DESTINATION : SOURCE);
        json.truth("requestor", !hasPerson(event));
        if (!event.address().isEmpty()) {
            network(json, event.address(), IP_ADDRESS);
        }
        json.string("altId", event.client());
        if (event.organization() != null) {
            json.object("who", who -> organization(who, event));
        }
        String role = event.role();
        if (role != null) {
            json.list("role", all -> all.concept(FhirJson.SYSTEMS + "client-role", role));
        }
    }

    private static void network(FhirWriter json, String address, String type) {
        json.object("network", one -> one.string("address", address).string("type", type));
    }

    private static boolean hasPerson(Event event) {
        return event.personId() != null
                || event.personName() != null
                || event.personRole() != null
                || event.personOrganization() != null;
    }

    private static void organization(FhirWriter who, Event event) {
        String number = event.organization();
        who.object(
                "identifier",
                one -> {
                    one.string("system", FhirJson.SIDS + "nhsa-org");
                    if (number != null) {
                        // Who holds a slip is of no organization: an empty text was committed to.
                        one.exactly("value", number);
                    }
                });
        if (event.organizationId() != null) {
            who.string("reference", "Organization/" + event.organizationId());
        }
    }

    private static void person(FhirWriter json, Event event) {
        // Who writes is the author of what is written, anybody else receives it.
        String participation =
                switch (event.interaction()) {
                    case "create", "update", "patch" -> "AUT";
                    default -> "IRCP";
                };
        json.concept("type", PARTICIPATION, participation).truth("requestor", true);
        purpose(json, "purposeOfUse", event);
        json.string("altId", event.personId()).string("name", event.personName());
        json.object(
                "who",
                who -> {
                    if (event.personId() != null) {
                        who.identifier(
                                "identifier", FhirJson.SIDS + "nhsa-staff", event.personId());
                    }
                    who.string("display", event.personName());
                });
        json.list("role", all -> all.words(event.personRole()));
        if (event.personOrganization() != null) {
            json.list(
                    "extension",
                    all ->
                            all.extension(
                                    "person-organization",
                                    x -> x.string("valueString", event.personOrganization())));
        }
    }

    private static void entities(FhirWriter all, Event event, List<String> references) {
        for (String reference : references) {
            boolean patient = reference.startsWith("Patient/");
            all.element(one -> {
                one.reference("what", reference);
                entityType(one, event, reference);
                one.coding("role", OBJECT_ROLE, patient ? "1" : "4");
            });
        }
        all.element(call -> {
            call.object(
                    "what",
                    what -> what.object("identifier", one -> one.string("value", event.request())));
            call.coding("type", BALP_ENTITY, "XrequestId");
            call.list("detail", details -> details(details, event));
        });
        if (event.query() != null) {
            byte[] query = event.query().getBytes(StandardCharsets.UTF_8);
            all.element(one ->
                    one.coding("type", ENTITY_TYPE, "2")
                            .coding("role", OBJECT_ROLE, "24")
                            .string("query", Base64.getEncoder().encodeToString(query)));
        }
    }

    /// BALP tells slices by type alone: one "System Object" is the resource that was called for, in
    /// a search the question itself. What else is concerned is named by its resource type.
    private static void entityType(FhirWriter json, Event event, String reference) {
        String type = reference.substring(0, reference.indexOf('/'));
        if (type.equals("Patient")) {
            json.coding("type", ENTITY_TYPE, "1");
            return;
        }
        boolean calledFor =
                switch (event.interaction()) {
                    case "search-type" -> false;
                    case "operation" -> type.equals("Task");
                    default -> type.equals(event.operation());
                };
        json.coding("type", calledFor ? ENTITY_TYPE : RESOURCE_TYPE, calledFor ? "2" : type);
    }

    private static void details(FhirWriter all, Event event) {
        detail(all, FhirJson.SYSTEMS + "problem", event.problem());
        detail(all, "change", event.change());
        detail(all, "times", event.times() > 1 ? String.valueOf(event.times()) : null);
    }

    private static void detail(FhirWriter all, String type, @Nullable String value) {
        if (value != null) {
            all.element(one -> one.string("type", type).string("valueString", value));
        }
    }
}
