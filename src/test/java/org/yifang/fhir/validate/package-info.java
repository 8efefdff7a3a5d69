@org.jspecify.annotations.NullMarked
package org.yifang.fhir.validate;
