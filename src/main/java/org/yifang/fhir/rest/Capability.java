package org.yifang.fhir.rest;

import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementKind;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceOperationComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestSecurityComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalReadStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ReferenceHandlingPolicy;
import org.hl7.fhir.r4.model.CapabilityStatement.ResourceVersionPolicy;
import org.hl7.fhir.r4.model.CapabilityStatement.RestfulCapabilityMode;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.hl7.fhir.r4.model.CapabilityStatement.TypeRestfulInteraction;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Enumerations.FHIRVersion;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.jspecify.annotations.Nullable;
import org.yifang.fhir.Fhir;
import org.yifang.fhir.search.SearchBy;
import org.yifang.fhir.search.Source;
import org.yifang.platform.config.Config;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/// Tells what this server can do, from what is really mounted.
final class Capability {
    private static final String TOPIC =
            "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
                    + "capabilitystatement-subscriptiontopic-canonical";

    private final String base;
    private final Paths paths;
    private final Instant since;
    private final boolean cors;
    private volatile byte @Nullable [] json;

    Capability(Config config, InstantSource clock, String base, Paths paths) {
        this.base = base;
        this.paths = paths;
        this.cors = !config.operating().corsOrigins().isEmpty();
        this.since = clock.instant();
    }

    /// Made at the first call, when everything is mounted, and kept.
    Answer answer() {
        byte[] made = json;
        if (made == null) {
            made = Fhir.json(statement());
            json = made;
        }
        return Answer.ok(made)
                .withVersion(since.getEpochSecond(), since)
                .withHeader("Cache-Control", "public, max-age=60");
    }

    private CapabilityStatement statement() {
        CapabilityStatement statement = new CapabilityStatement();
        statement.setUrl(base + "/metadata");
        statement.setVersion("0.1.0");
        statement.setName("Yifang");
        statement.setTitle("一方 Yifang");
        statement.setStatus(PublicationStatus.ACTIVE);
        statement.setDateElement(new DateTimeType(Date.from(since)));
        statement.setPublisher("The Yifang project");
        statement.setDescription("One prescription, any pharmacy: prescriptions in circulation.");
        statement.setKind(CapabilityStatementKind.INSTANCE);
        statement.getSoftware().setName("Yifang").setVersion("0.1.0");
        statement.getImplementation().setDescription("Yifang").setUrl(base);
        statement.setFhirVersion(FHIRVersion._4_0_1);
        for (Fhir.Format format : Fhir.Format.values()) {
            statement.addFormat(format.mediaType());
        }
        statement.addFormat("json").addFormat("xml");
        statement.addPatchFormat(JsonPatch.MEDIA_TYPE);
        CapabilityStatementRestComponent rest = statement.addRest();
        rest.setMode(RestfulCapabilityMode.SERVER);
        rest.setSecurity(security());
        for (Paths.Type type : paths.types()) {
            resource(rest.addResource(), type);
        }
        rest.addInteraction().setCode(SystemRestfulInteraction.BATCH);
        rest.addInteraction().setCode(SystemRestfulInteraction.TRANSACTION);
        for (Operation operation : paths.systemOperations()) {
            operation(rest.addOperation(), operation);
        }
        for (Operation operation : paths.everyTypeOperations()) {
            operation(rest.addOperation(), operation);
        }
        return statement;
    }

    /// Without the extension `oauth-uris`: it asks for an address of `authorize`, which a server of
    /// Backend Services alone does not have. The SMART configuration names the token's address.
    private CapabilityStatementRestSecurityComponent security() {
        CapabilityStatementRestSecurityComponent security =
                new CapabilityStatementRestSecurityComponent();
        security.setCors(cors);
        security.addService()
                .setText("SMART Backend Services")
                .addCoding()
                .setSystem("http://terminology.hl7.org/CodeSystem/restful-security-service")
                .setCode("SMART-on-FHIR");
        security.setDescription(
                "OAuth 2 client_credentials; see " + base + "/.well-known/smart-configuration");
        return security;
    }

    private void resource(CapabilityStatementRestResourceComponent resource, Paths.Type type) {
        resource.setType(type.name);
        Source source = type.source;
        if (source != null) {
            read(resource, source);
            referring(type.name).forEach(resource::addSearchRevInclude);
        }
        if (type.create != null) {
            interaction(resource, TypeRestfulInteraction.CREATE);
            resource.setConditionalCreate(type.create.isConditional());
        }
        if (type.update != null) {
            interaction(resource, TypeRestfulInteraction.UPDATE);
            resource.setVersioning(ResourceVersionPolicy.VERSIONEDUPDATE);
            resource.setUpdateCreate(false).setConditionalUpdate(false);
        }
        if (type.patch != null) {
            interaction(resource, TypeRestfulInteraction.PATCH);
        }
        resource.setConditionalDelete(ConditionalDeleteStatus.NOTSUPPORTED);
        if (type.delete != null) {
            interaction(resource, TypeRestfulInteraction.DELETE);
        }
        for (String topic : type.topics) {
            resource.addExtension(TOPIC, new CanonicalType(topic));
        }
        if (type.profile != null) {
            resource.addSupportedProfile(type.profile);
        }
        for (Operation operation : type.onType.values()) {
            operation(resource.addOperation(), operation);
        }
        for (Operation operation : type.onInstance.values()) {
            if (!operation.onType) {
                operation(resource.addOperation(), operation);
            }
        }
    }

    /// Every `Type:parameter` that refers to a type, by which `_revinclude` finds.
    private List<String> referring(String target) {
        List<String> referring = new ArrayList<>();
        for (Paths.Type type : paths.types()) {
            Source source = type.source;
            if (source != null && source.isSearchable()) {
                source.searches().stream()
                        .filter(by -> target.equals(by.target()))
                        .forEach(by -> referring.add(type.name + ':' + by.name));
            }
        }
        return referring;
    }

    private static void read(CapabilityStatementRestResourceComponent resource, Source source) {
        interaction(resource, TypeRestfulInteraction.READ);
        resource.setConditionalRead(ConditionalReadStatus.FULLSUPPORT);
        resource.setVersioning(
                source.hasHistory()
                        ? ResourceVersionPolicy.VERSIONED
                        : ResourceVersionPolicy.NOVERSION);
        resource.addReferencePolicy(ReferenceHandlingPolicy.LITERAL);
        if (source.hasHistory()) {
            interaction(resource, TypeRestfulInteraction.VREAD);
            interaction(resource, TypeRestfulInteraction.HISTORYINSTANCE);
            resource.setReadHistory(true);
        }
        if (!source.isSearchable()) {
            return;
        }
        interaction(resource, TypeRestfulInteraction.SEARCHTYPE);
        for (SearchBy by : source.searches()) {
            resource.addSearchParam()
                    .setName(by.name)
                    .setType(SearchParamType.fromCode(by.kind))
                    .setDefinition(by.definitionOn(source.type()))
                    .setDocumentation(by.remark());
            if (by.target() != null) {
                resource.addSearchInclude(source.type() + ':' + by.name);
            }
        }
    }

    private static void interaction(
            CapabilityStatementRestResourceComponent resource, TypeRestfulInteraction code) {
        resource.addInteraction().setCode(code);
    }

    private static void operation(
            CapabilityStatementRestResourceOperationComponent component, Operation operation) {
        component.setName(operation.name).setDefinition(operation.definition());
    }
}
