/// What Bulk Data export takes from prescriptions.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription.export;
