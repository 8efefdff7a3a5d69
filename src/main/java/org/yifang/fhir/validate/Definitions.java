package org.yifang.fhir.validate;

import org.hl7.fhir.convertors.factory.VersionConvertorFactory_40_50;
import org.hl7.fhir.r4.formats.JsonParser;
import org.hl7.fhir.r5.context.ContextUtilities;
import org.hl7.fhir.r5.model.CodeSystem;
import org.hl7.fhir.r5.model.CodeableConcept;
import org.hl7.fhir.r5.model.Coding;
import org.hl7.fhir.r5.model.Resource;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.hl7.fhir.r5.model.ValueSet;
import org.hl7.fhir.r5.terminologies.utilities.ValidationResult;
import org.hl7.fhir.r5.utils.validation.ValidationContextCarrier;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.utilities.validation.ValidationOptions;
import org.jspecify.annotations.NullUnmarked;
import org.yifang.fhir.Conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// What the validator knows: our conformance resources and FHIR R4, and nothing from any network.
///
/// HAPI's own bridge keeps every definition twice (R4 and R5), converts at look-up and answers
/// codes through five layers; this one holds each definition once and answers from a table.
@NullUnmarked
final class Definitions extends OfflineContext implements CodeLists.Source {
    private static final String CORE = "http://hl7.org/fhir/StructureDefinition/";
    private static final String VERSION = "4.0.1";

    private final CoreDefinitions core;
    private final Conformance conformance;
    private final Map<String, StructureDefinition> profiles = new HashMap<>();
    private final Map<String, Resource> terminology = new ConcurrentHashMap<>();
    private final Map<String, StructureDefinition> types = new ConcurrentHashMap<>();
    private final List<StructureDefinition> structures = new ArrayList<>();
    private final List<String> resourceNames;
    private final Set<String> resourceNameSet;
    private final Set<String> primitives = new HashSet<>();
    private final CodeLists codes = new CodeLists(this);

    /// Reads our profiles and extensions and works out their snapshots; takes seconds.
    Definitions(CoreDefinitions core, Conformance conformance) {
        this.core = core;
        this.conformance = conformance;
        setLocale(Locale.ENGLISH);
        structures.addAll(core.structures());
        Set<String> names = new TreeSet<>();
        for (StructureDefinition structure : core.structures()) {
            if (structure.getDerivation() == StructureDefinition.TypeDerivationRule.CONSTRAINT) {
                continue;
            }
            switch (structure.getKind()) {
                case RESOURCE -> {
                    if (!structure.getAbstract()) {
                        names.add(structure.getType());
                    }
                }
                case PRIMITIVETYPE -> primitives.add(structure.getName());
                case COMPLEXTYPE, LOGICAL, NULL -> {}
            }
        }
        resourceNames = List.copyOf(names);
        resourceNameSet = Set.copyOf(names);
        conformance
                .ofType("StructureDefinition")
                .map(entry -> (StructureDefinition) read(entry))
                .forEach(structure -> profiles.put(structure.getUrl(), structure));
        structures.addAll(profiles.values());
        ContextUtilities utilities = new ContextUtilities(this);
        for (StructureDefinition structure : profiles.values()) {
            utilities.generateSnapshot(structure);
        }
        profiles.values().forEach(CoreDefinitions::withoutProse);
    }

    private static Resource read(Conformance.Entry entry) {
        try {
            return VersionConvertorFactory_40_50.convertResource(
                    new JsonParser().parse(entry.json()));
        } catch (IOException e) {
            throw new UncheckedIOException(entry.url(), e);
        }
    }

    @Override
    public String getVersion() {
        return VERSION;
    }

    @Override
    public String getSpecUrl() {
        return "http://hl7.org/fhir/R4/";
    }

    @Override
    public List<String> getResourceNames() {
        return resourceNames;
    }

    @Override
    public Set<String> getResourceNamesAsSet() {
        return resourceNameSet;
    }

    @Override
    public boolean isPrimitiveType(String type) {
        return primitives.contains(type);
    }

    @Override
    public boolean isDataType(String type) {
        return !primitives.contains(type) && !resourceNameSet.contains(type);
    }

    // Finding definitions.

    @Override
    public StructureDefinition fetchTypeDefinition(String typeName) {
        StructureDefinition known = types.get(typeName);
        if (known == null) {
            known = structure(typeName.contains(":") ? typeName : CORE + typeName);
            if (known != null) {
                types.put(typeName, known);
            }
        }
        return known;
    }

    @Override
    public List<StructureDefinition> fetchTypeDefinitions(String typeName) {
        StructureDefinition one = fetchTypeDefinition(typeName);
        return one == null ? List.of() : List.of(one);
    }

    @SuppressWarnings("unchecked") // What was found is of the type it was looked for by.
    @Override
    public <T extends Resource> T fetchResource(Class<T> type, String uri) {
        if (uri == null || uri.isEmpty()) {
            return null;
        }
        int bar = uri.indexOf('|');
        String url = bar < 0 ? uri : uri.substring(0, bar);
        Resource found = null;
        if (type == StructureDefinition.class) {
            found = structure(url);
        } else if (type == ValueSet.class) {
            found = valueSet(url);
        } else if (type == CodeSystem.class) {
            found = fetchCodeSystem(url);
        } else if (type.isAssignableFrom(StructureDefinition.class)) {
            found = any(url);
        }
        return (T) found;
    }

    private Resource any(String url) {
        Resource found = structure(url);
        found = found == null ? valueSet(url) : found;
        return found == null ? fetchCodeSystem(url) : found;
    }

    private StructureDefinition structure(String url) {
        StructureDefinition found = core.structure(url);
        return found == null ? profiles.get(url) : found;
    }

    @Override
    public ValueSet valueSet(String url) {
        return (ValueSet) terminology("ValueSet", url);
    }

    @Override
    public CodeSystem codeSystem(String url) {
        return fetchCodeSystem(url);
    }

    @Override
    public CodeSystem fetchCodeSystem(String url) {
        return (CodeSystem) terminology("CodeSystem", url);
    }

    private Resource terminology(String type, String url) {
        String key = type + ' ' + url;
        Resource found = terminology.get(key);
        if (found == null) {
            Conformance.Entry ours = conformance.byUrl(type, url);
            found = ours == null ? core.terminology(type, url) : read(ours);
            // A code system of the specification is large; the codes of it are kept elsewhere.
            if (found != null && (ours != null || type.equals("ValueSet"))) {
                Resource earlier = terminology.putIfAbsent(key, found);
                found = earlier == null ? found : earlier;
            }
        }
        return found;
    }

    @SuppressWarnings("unchecked") // T is StructureDefinition where the list is handed out.
    @Override
    public <T extends Resource> List<T> fetchResourcesByType(Class<T> type) {
        return type == StructureDefinition.class ? (List<T>) structures : List.of();
    }

    // Judging codes.

    /// Every system is "supported": one that is not loaded is answered as unknown, without noise.
    @Override
    public SystemSupportInformation getTxSupportInfo(String system, String version) {
        return SUPPORTED;
    }

    private static final SystemSupportInformation SUPPORTED = new SystemSupportInformation(true);
    private static final ValidationResult FINE =
            new ValidationResult((String) null, null, null, null);

    @Override
    public ValidationResult validateCode(
            ValidationOptions options, String system, String version, String code, String display) {
        if (system == null || code == null) {
            return FINE;
        }
        return switch (codes.inSystem(system, code)) {
            case YES, UNKNOWN -> FINE;
            case NO -> wrong("The code `" + code + "` is not in the code system " + system + ".");
        };
    }

    @Override
    public ValidationResult validateCode(
            ValidationOptions options,
            String system,
            String version,
            String code,
            String display,
            ValueSet valueSet) {
        return inValueSet(system, code, valueSet);
    }

    @Override
    public ValidationResult validateCode(
            ValidationOptions options, String code, ValueSet valueSet) {
        return inValueSet(null, code, valueSet);
    }

    @Override
    public ValidationResult validateCode(
            ValidationOptions options, Coding coding, ValueSet valueSet) {
        return valueSet == null
                ? validateCode(options, coding.getSystem(), null, coding.getCode(), null)
                : inValueSet(coding.getSystem(), coding.getCode(), valueSet);
    }

    @Override
    public ValidationResult validateCode(
            ValidationOptions options,
            Coding coding,
            ValueSet valueSet,
            ValidationContextCarrier carrier) {
        return validateCode(options, coding, valueSet);
    }

    /// One fitting coding is enough; without a value set each must exist in its system.
    @Override
    public ValidationResult validateCode(
            ValidationOptions options, CodeableConcept concept, ValueSet valueSet) {
        ValidationResult last = FINE;
        for (Coding coding : concept.getCoding()) {
            ValidationResult one = validateCode(options, coding, valueSet);
            if (one.isOk() == (valueSet != null)) {
                return one;
            }
            last = one;
        }
        return last;
    }

    private ValidationResult inValueSet(String system, String code, ValueSet valueSet) {
        if (code == null) {
            return FINE;
        }
        return switch (codes.inValueSet(valueSet, system, code)) {
            case YES, UNKNOWN -> FINE;
            case NO -> wrong("`" + code + "` is not in the value set " + valueSet.getUrl() + ".");
        };
    }

    private static ValidationResult wrong(String message) {
        return new ValidationResult(ValidationMessage.IssueSeverity.ERROR, message, null);
    }
}
