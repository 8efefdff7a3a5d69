package org.yifang.console.frame;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import org.jspecify.annotations.Nullable;
import org.yifang.identity.person.SignedIn;
import org.yifang.notify.Events;

import java.time.Instant;
import java.util.List;

/// What every template needs to know of the request that it answers.
///
/// @param path of the page, its name for automation
/// @param en whether the reader wants English
/// @param who is signed in, null on public pages
/// @param formToken what every form carries
/// @param at the moment it was made
/// @param event the last event that its content shows for certain: what comes after it is told by
///   `/events`; null where none is known yet
public record Page(
        String path,
        boolean en,
        @Nullable SignedIn who,
        String formToken,
        Instant at,
        @Nullable Long event) {
    private static final String EVENT = Page.class.getName() + ".event";

    /// Pages that renew themselves. Of these only: a route for all would make "not found" of what
    /// another route answers with "not by this method".
    private static final List<String> LIVE =
            List.of("/counter", "/review", "/prescriptions", "/my");

    /// Every such page made for a request behind this begins with the last of `events` that is
    /// known when the request comes.
    public static void follow(Router router, Events events) {
        for (String path : LIVE) {
            router.route(path + "/*")
                    .handler(http -> {
                        long event = events.known();
                        http.put(EVENT, event < 0 ? null : event).next();
                    });
        }
    }

    /// For a person who is signed in.
    public static Page of(RoutingContext http, String path, Instant at) {
        SignedIn who = SignedIn.of(http);
        return new Page(path, Language.isEnglish(http), who, who.formToken(), at, http.get(EVENT));
    }

    /// For everybody.
    public static Page open(RoutingContext http, String path, Instant at) {
        return new Page(path, Language.isEnglish(http), null, "", at, http.get(EVENT));
    }

    /// A page of the reader's own role.
    public record Link(String to, String text) {}

    /// The page that a form's address belongs to.
    public String parent() {
        return path.substring(0, Math.max(1, path.lastIndexOf('/')));
    }

    /// The pages that this person may open.
    public List<Link> links() {
        if (who == null) {
            return List.of();
        }
        return switch (who.role()) {
            case PHARMACY ->
                    List.of(
                            new Link("/counter", t("柜台", "Counter")),
                            new Link("/swaps", t("替换评定", "Substitutions")),
                            new Link("/board/" + who.organization(), t("叫号屏", "Board")));
            case REVIEWER ->
                    List.of(
                            new Link("/review", t("审方", "Review")),
                            new Link("/swaps", t("替换评定", "Substitutions")));
            case HOSPITAL ->
                    List.of(
                            new Link("/prescriptions", t("处方", "Prescriptions")),
                            new Link("/prescriptions/new", t("开处方", "Write")));
            case BUREAU ->
                    List.of(
                            new Link("/bureau", t("两个问题", "Two questions")),
                            new Link("/bureau/prices", t("价格", "Prices")),
                            new Link("/bureau/queues", t("排队", "Queues")),
                            new Link("/bureau/quality", t("数据质量", "Data quality")),
                            new Link("/bureau/plans", t("评估方案", "Plans")),
                            new Link("/bureau/history", t("导入历史", "History")),
                            new Link("/bureau/held-prices", t("待核价格", "Held prices")),
                            new Link("/bureau/registry", t("机构", "Registry")));
            case AUDITOR -> List.of(new Link("/auditor", t("审计", "Audit")));
            case OPERATOR -> List.of(new Link("/operator", t("运维", "Operation")));
            case PATIENT -> List.of();
        };
    }

    public Page withToken(String token) {
        return new Page(path, en, who, token, at, event);
    }

    /// The text in the reader's language.
    public String t(String chinese, String english) {
        return en ? english : chinese;
    }

    public String language() {
        return en ? "en" : "zh-CN";
    }
}
