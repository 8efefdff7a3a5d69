/// The patient's own page.
@org.jspecify.annotations.NullMarked
package org.yifang.console.patient;
