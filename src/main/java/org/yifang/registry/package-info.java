/// Who takes part: organizations, pharmacies with place and hours, practitioners, patients.
@org.jspecify.annotations.NullMarked
package org.yifang.registry;
