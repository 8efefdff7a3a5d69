/// The judgement of a resource against the profiles.
@org.jspecify.annotations.NullMarked
package org.yifang.fhir.validate;
