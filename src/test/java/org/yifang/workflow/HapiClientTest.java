package org.yifang.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.PreferReturnEnum;
import ca.uhn.fhir.rest.api.SearchStyleEnum;
import ca.uhn.fhir.rest.api.SearchTotalModeEnum;
import ca.uhn.fhir.rest.api.SortSpec;
import ca.uhn.fhir.rest.api.SummaryEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.MethodNotAllowedException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;

import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yifang.TestService;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// HAPI's generic client, with which most systems in Java speak FHIR, through every interaction.
class HapiClientTest {
    private static final String ORGANIZATIONS = "https://yifang.org/fhir/sid/nhsa-org";
    private static final String CARD = "urn:oid:2.16.156.10011.1.3";
    private static final AtomicInteger NUMBER = new AtomicInteger(40_000);

    private static FhirContext context;
    private static TestService service;
    private static Story story;
    private static IGenericClient hospital;
    private static IGenericClient pharmacy;
    private static IGenericClient bureau;

    @BeforeAll
    static void serve() throws IOException {
        context = FhirContext.forR4();
        // Links of pages are followed as they stand: the service has to know its own port.
        try (ServerSocket free = new ServerSocket(0)) {
            String port = String.valueOf(free.getLocalPort());
            free.close();
            service = TestService.own(Map.of("YIFANG_PORT", port));
        }
        story = new Story(service);
        hospital = client(story.hospital);
        pharmacy = client(story.pharmacy);
        bureau = client(new Client(service, "bureau-1"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static IGenericClient client(Client who) {
        IGenericClient client = context.newRestfulGenericClient(service.url() + "/fhir");
        client.registerInterceptor(new BearerTokenAuthInterceptor(who.token()));
        return client;
    }

    private static Bundle document() {
        return (Bundle) context.newJsonParser().parseResource(story.document().toString());
    }

    private static Task submitted() {
        return hospital.operation()
                .onServer()
                .named("$submit-prescription")
                .withParameter(Parameters.class, "resource", document())
                .returnResourceType(Task.class)
                .execute();
    }

    private static Organization organization(String number, String name) {
        Organization one = new Organization().setName(name);
        one.addIdentifier().setSystem(ORGANIZATIONS).setValue(number);
        one.addType().addCoding().setCode("pharmacy");
        return one;
    }

    private static String number() {
        return "P421281" + NUMBER.incrementAndGet();
    }

    @Test
    void a_prescription_is_submitted_and_lived_through() {
        Task task = submitted();
        assertThat(task.getIdElement().getIdPart()).isNotEmpty();
        String code =
                task.getOutput().stream()
                        .filter(one ->
                                one.getType().getCodingFirstRep().getCode().equals("pickup-code"))
                        .map(one -> one.getValue().primitiveValue())
                        .findFirst()
                        .orElseThrow();
        Parameters claim =
                pharmacy.operation()
                        .onType(Task.class)
                        .named("$claim")
                        .withParameter(Parameters.class, "pickup-code", new StringType(code))
                        .execute();
        assertThat(claim.hasParameter("claim-token")).isTrue();
        String id = task.getIdElement().getIdPart();
        Task released =
                pharmacy.operation()
                        .onInstance("Task/" + id)
                        .named("release")
                        .withParameter(
                                Parameters.class,
                                "claim-token",
                                claim.getParameter("claim-token").getValue())
                        .andParameter("reason", new CodeableConcept().setText("试验"))
                        .returnResourceType(Task.class)
                        .execute();
        assertThat(released.getStatus()).isEqualTo(Task.TaskStatus.READY);
        Bundle history =
                hospital.history()
                        .onInstance("Task/" + id)
                        .returnBundle(Bundle.class)
                        .count(2)
                        .execute();
        assertThat(history.getEntry()).hasSize(2);
        Bundle older = hospital.loadPage().next(history).execute();
        assertThat(older.getEntry()).isNotEmpty();
        Bundle since =
                hospital.history()
                        .onInstance("Task/" + id)
                        .returnBundle(Bundle.class)
                        .since(Date.from(service.clock().instant().plusSeconds(3_600)))
                        .execute();
        assertThat(since.getEntry()).isEmpty();
    }

    @Test
    void resources_are_read_by_id_by_version_and_only_when_new() {
        IdType id = submitted().getIdElement().toUnqualified();
        Task read = hospital.read().resource(Task.class).withId(id.toVersionless()).execute();
        assertThat(read.getMeta().getVersionId()).isEqualTo("1");
        Task version =
                hospital.read()
                        .resource(Task.class)
                        .withIdAndVersion(id.getIdPart(), "1")
                        .execute();
        assertThat(version.getStatus()).isEqualTo(Task.TaskStatus.READY);
        Task known =
                hospital.read()
                        .resource(Task.class)
                        .withId(id.toVersionless())
                        .ifVersionMatches("1")
                        .returnNull()
                        .execute();
        assertThat(known).isNull();
        hospital.setEncoding(EncodingEnum.XML);
        Task xml = hospital.read().resource(Task.class).withId(id.toVersionless()).execute();
        hospital.setEncoding(EncodingEnum.JSON);
        assertThat(xml.getStatus()).isEqualTo(read.getStatus());
        String original =
                read.getInput().stream()
                        .filter(one ->
                                one.getType().getCodingFirstRep().getCode().equals("original"))
                        .map(one -> (org.hl7.fhir.r4.model.Reference) one.getValue())
                        .findFirst()
                        .orElseThrow()
                        .getReference();
        Binary binary = hospital.read().resource(Binary.class).withUrl(original).execute();
        assertThat(binary.getContent()).isNotEmpty();
        assertThatThrownBy(() ->
                        hospital.read()
                                .resource(Task.class)
                                .withId("00000000-0000-7000-8000-00000000dead")
                                .execute())
                .isInstanceOf(ResourceNotFoundException.class)
                .satisfies(thrown ->
                        assertThat(((BaseServerResponseException) thrown).getOperationOutcome())
                                .isInstanceOf(OperationOutcome.class));
    }

    @Test
    void what_is_searched_for_comes_in_pages() {
        for (int i = 0; i < 3; i++) {
            submitted();
        }
        Bundle first =
                hospital.search()
                        .forResource(Task.class)
                        .where(Task.STATUS.exactly().code("ready"))
                        .include(Task.INCLUDE_PATIENT)
                        .sort(new SortSpec("_lastUpdated"))
                        .totalMode(SearchTotalModeEnum.ACCURATE)
                        .count(2)
                        .returnBundle(Bundle.class)
                        .execute();
        assertThat(first.getTotal()).isGreaterThanOrEqualTo(3);
        assertThat(hospital.loadPage().next(first).execute().getEntry()).isNotEmpty();
        Bundle person =
                hospital.search()
                        .forResource(Patient.class)
                        .where(
                                Patient.IDENTIFIER
                                        .exactly()
                                        .systemAndIdentifier(CARD, "421281195809210020"))
                        .usingStyle(SearchStyleEnum.POST)
                        .returnBundle(Bundle.class)
                        .execute();
        assertThat(person.getEntry()).hasSize(1);
        Bundle summary =
                hospital.search()
                        .forResource(Task.class)
                        .summaryMode(SummaryEnum.COUNT)
                        .returnBundle(Bundle.class)
                        .execute();
        assertThat(summary.getTotal()).isPositive();
        Bundle url = hospital.search().byUrl("Task?_count=1").returnBundle(Bundle.class).execute();
        assertThat(url.getEntry()).hasSize(1);
    }

    @Test
    void the_registry_is_made_changed_patched_and_never_deleted() {
        String number = number();
        MethodOutcome made = bureau.create().resource(organization(number, "新药房")).execute();
        assertThat(made.getCreated()).isTrue();
        assertThat(made.getId().getIdPart()).isNotEmpty();
        MethodOutcome again =
                bureau.create()
                        .resource(organization(number, "另名"))
                        .conditional()
                        .where(
                                Organization.IDENTIFIER
                                        .exactly()
                                        .systemAndIdentifier(ORGANIZATIONS, number))
                        .execute();
        assertThat(again.getId().getIdPart()).isEqualTo(made.getId().getIdPart());
        assertThat(again.getCreated()).isNotEqualTo(true);
        Organization stored =
                bureau.read()
                        .resource(Organization.class)
                        .withId(made.getId().getIdPart())
                        .execute();
        stored.setName("改名药房");
        MethodOutcome changed = bureau.update().resource(stored).execute();
        assertThat(changed.getResource()).isInstanceOf(Organization.class);
        assertThatThrownBy(() -> bureau.update().resource(stored.setName("再改")).execute())
                .isInstanceOf(PreconditionFailedException.class);
        MethodOutcome patched =
                bureau.patch()
                        .withBody("[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"补丁名\"}]")
                        .withId("Organization/" + made.getId().getIdPart())
                        .execute();
        assertThat(((Organization) patched.getResource()).getName()).isEqualTo("补丁名");
        MethodOutcome minimal =
                bureau.create()
                        .resource(organization(number(), "少答"))
                        .prefer(PreferReturnEnum.MINIMAL)
                        .execute();
        assertThat(minimal.getId().getIdPart()).isNotEmpty();
        assertThat(minimal.getResource()).isNull();
        assertThatThrownBy(() -> bureau.delete().resourceById(stored.getIdElement()).execute())
                .isInstanceOf(MethodNotAllowedException.class);
    }

    @Test
    void bundles_are_carried_out() {
        Bundle batch = new Bundle().setType(BundleType.BATCH);
        batch.addEntry().getRequest().setMethod(HTTPVerb.GET).setUrl("Task?_count=1");
        batch.addEntry().getRequest().setMethod(HTTPVerb.GET).setUrl("Organization/none");
        List<String> statuses =
                hospital.transaction().withBundle(batch).execute().getEntry().stream()
                        .map(one -> one.getResponse().getStatus())
                        .toList();
        assertThat(statuses).containsExactly("200", "404");
        Bundle both = new Bundle().setType(BundleType.TRANSACTION);
        both.addEntry()
                .setFullUrl("urn:uuid:33333333-3333-4333-8333-333333333333")
                .setResource(organization(number(), "整体药房"))
                .getRequest()
                .setMethod(HTTPVerb.POST)
                .setUrl("Organization");
        Bundle done = bureau.transaction().withBundle(both).execute();
        assertThat(done.getType()).isEqualTo(BundleType.TRANSACTIONRESPONSE);
        assertThat(done.getEntryFirstRep().getResponse().getLocation())
                .contains("/fhir/Organization/");
    }

    @Test
    void documents_are_validated_and_definitions_read() {
        MethodOutcome judged = hospital.validate().resource(document()).execute();
        assertThat(judged.getOperationOutcome()).isInstanceOf(OperationOutcome.class);
        CapabilityStatement statement =
                hospital.capabilities().ofType(CapabilityStatement.class).execute();
        assertThat(statement.getFhirVersion().toCode()).isEqualTo("4.0.1");
        // Without a token, too.
        CodeSystem problems =
                context.newRestfulGenericClient(service.url() + "/fhir")
                        .read()
                        .resource(CodeSystem.class)
                        .withId("problem")
                        .execute();
        assertThat(problems.getConcept()).isNotEmpty();
    }
}
