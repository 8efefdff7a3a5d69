package org.yifang.fhir;

import org.hl7.fhir.r4.model.CapabilityStatement;

/// Tells what this server can do, from what is really mounted.
final class Capability {
    Capability(FhirRouter.Parts parts, String base, Paths paths) {}

    Answer answer(Wanted wanted) {
        return Answer.ok(new CapabilityStatement());
    }
}
