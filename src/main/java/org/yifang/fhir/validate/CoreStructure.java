package org.yifang.fhir.validate;

import org.hl7.fhir.r5.model.Enumerations.FHIRVersion;
import org.hl7.fhir.r5.model.StructureDefinition;

import java.util.List;
import java.util.Map;

/// A StructureDefinition of the specification whose elements are read only when they are needed.
///
/// The validator walks through the list of all of them by name, kind and type; of these 650 it
/// needs the elements of about 60.
final class CoreStructure extends StructureDefinition {
    private static final long serialVersionUID = 1L;

    /// Reads the elements.
    interface Source {
        StructureDefinition read();
    }

    private final transient Source source;
    private volatile boolean loaded;

    CoreStructure(String url, Map<String, String> header, Source source) {
        this.source = source;
        setUrl(url);
        setVersion("4.0.1");
        setFhirVersion(FHIRVersion._4_0_1);
        setName(header.get("name"));
        setType(header.get("type"));
        setAbstract(Boolean.parseBoolean(header.get("abstract")));
        setBaseDefinition(header.get("baseDefinition"));
        String kind = header.get("kind");
        setKind(kind == null ? null : StructureDefinitionKind.fromCode(kind));
        String derivation = header.get("derivation");
        setDerivation(derivation == null ? null : TypeDerivationRule.fromCode(derivation));
    }

    private void load() {
        if (loaded) {
            return;
        }
        // Threads of the validator only, which are its own.
        synchronized (this) {
            if (!loaded) {
                StructureDefinition whole = source.read();
                super.setId(whole.getId());
                super.setSnapshot(whole.getSnapshot());
                super.setContext(whole.getContext());
                super.setContextInvariant(whole.getContextInvariant());
                loaded = true;
            }
        }
    }

    @Override
    public StructureDefinitionSnapshotComponent getSnapshot() {
        load();
        return super.getSnapshot();
    }

    @Override
    public boolean hasSnapshot() {
        // Never empty here, and to ask would walk through all of it.
        return true;
    }

    @Override
    public List<StructureDefinitionContextComponent> getContext() {
        load();
        return super.getContext();
    }

    @Override
    public boolean hasContext() {
        load();
        return super.hasContext();
    }

    @Override
    public StructureDefinition copy() {
        load();
        return super.copy();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
