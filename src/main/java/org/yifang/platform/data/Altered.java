package org.yifang.platform.data;

/// Something stored is not what the audit log committed to, so it is not served: the caller is told
/// a reference, the operator what it is.
public final class Altered extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// @param what names it, without anybody's name or number
    public Altered(String what) {
        super(
                what
                        + " is not what the audit log committed to:"
                        + " it was altered past the service."
                        + " Run `yifang audit reconcile`.");
    }
}
