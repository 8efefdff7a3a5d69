/// The hospital's prescriptions: find, follow, stop, write.
@org.jspecify.annotations.NullMarked
package org.yifang.console.hospital;
