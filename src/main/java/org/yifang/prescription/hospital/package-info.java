/// What a hospital asks of its own prescriptions over HTTP.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription.hospital;
