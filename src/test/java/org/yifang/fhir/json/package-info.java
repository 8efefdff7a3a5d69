@org.jspecify.annotations.NullMarked
package org.yifang.fhir.json;
