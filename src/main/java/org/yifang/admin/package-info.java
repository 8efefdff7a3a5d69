/// Administration: registering, rotating, jobs, by `/admin` and by `yifang admin`.
@org.jspecify.annotations.NullMarked
package org.yifang.admin;
