/// The REST router: operations, negotiation, answers, errors, the CapabilityStatement.
@org.jspecify.annotations.NullMarked
package org.yifang.fhir.rest;
