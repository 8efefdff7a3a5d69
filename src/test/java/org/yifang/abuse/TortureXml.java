package org.yifang.abuse;

import ca.uhn.fhir.context.FhirContext;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yifang.abuse.TortureCases.Case;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// As [TortureCases], in XML.
final class TortureXml {
    private static final FhirContext CONTEXT = FhirContext.forR4Cached();
    private static final String ROOT = "<Bundle xmlns=\"http://hl7.org/fhir\">";

    private final Supplier<ObjectNode> document;
    private final List<Case> cases = new ArrayList<>();

    private TortureXml(Supplier<ObjectNode> document) {
        this.document = document;
    }

    static List<Case> cases(Supplier<ObjectNode> document) {
        TortureXml made = new TortureXml(document);
        made.cut();
        made.declared();
        made.changed();
        made.elements();
        made.encoded();
        made.dressed();
        return made.cases;
    }

    private String text() {
        return CONTEXT.newXmlParser()
                .encodeResourceToString(
                        CONTEXT.newJsonParser().parseResource(document.get().toString()));
    }

    private void bad(String name, String body) {
        cases.add(new Case(name, body.getBytes(StandardCharsets.UTF_8), false));
    }

    private void good(String name, String body) {
        cases.add(new Case(name, body.getBytes(StandardCharsets.UTF_8), true));
    }

    private void cut() {
        String text = text();
        for (int i = 0; i < 25; i++) {
            bad("cut at " + i + "/25", text.substring(0, (int) ((long) text.length() * i / 25)));
        }
    }

    /// Nothing that is declared is ever fetched or put in.
    private void declared() {
        Map<String, String> before = new LinkedHashMap<>();
        before.put("an entity", "<!DOCTYPE Bundle [<!ENTITY a \"b\">]>");
        before.put("a file", "<!DOCTYPE Bundle [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>");
        before.put("an address", "<!DOCTYPE Bundle [<!ENTITY a SYSTEM \"http://127.0.0.1:1/\">]>");
        before.put("a public one", "<!DOCTYPE Bundle PUBLIC \"-//A//B\" \"http://127.0.0.1:1/d\">");
        before.put("a parameter", "<!DOCTYPE Bundle [<!ENTITY % a \"<!ENTITY b 'c'>\"> %a;]>");
        before.put("an empty type", "<!DOCTYPE Bundle>");
        StringBuilder laughs = new StringBuilder("<!DOCTYPE Bundle [<!ENTITY l0 \"ha\">");
        for (int i = 1; i < 12; i++) {
            laughs.append("<!ENTITY l").append(i).append(" \"");
            laughs.append(("&l" + (i - 1) + ";").repeat(10)).append("\">");
        }
        before.put("a billion laughs", laughs + "]>");
        before.forEach((name, declaration) -> {
            bad(name, declaration + text());
            bad(name + ", used", declaration + text().replaceFirst("每次", "&a;&b;&l11;"));
        });
    }

    private void changed() {
        Map<String, Function<String, String>> changes = new LinkedHashMap<>();
        changes.put("no namespace", text -> text.replaceFirst(" xmlns=\"[^\"]*\"", ""));
        changes.put("another namespace", text -> text.replaceFirst("hl7.org/fhir\"", "x/\""));
        changes.put("v2", text -> text.replace("http://hl7.org/fhir\"", "urn:hl7-org:v3\""));
        changes.put("twice", text -> text + text);
        changes.put("something behind", text -> text + "x");
        changes.put("something before", text -> "x" + text);
        changes.put("text within", text -> text.replaceFirst("<type ", "text<type "));
        changes.put("an unknown element", text -> text.replaceFirst("<type ", "<odd/><type "));
        changes.put("another case", text -> text.replaceFirst("<type ", "<Type "));
        changes.put("another order", text -> moved(text));
        changes.put(
                "an unknown attribute", text -> text.replaceFirst("<type ", "<type odd=\"1\" "));
        changes.put(
                "an attribute twice", text -> text.replaceFirst("<type ", "<type value=\"a\" "));
        changes.put("no value", text -> text.replaceFirst("<type value=\"document\"/>", "<type/>"));
        changes.put(
                "an empty value", text -> text.replaceFirst("value=\"document\"", "value=\"\""));
        changes.put("no quotes", text -> text.replaceFirst("value=\"document\"", "value=document"));
        changes.put("a less-than", text -> text.replaceFirst("每次", "<"));
        changes.put("an ampersand", text -> text.replaceFirst("每次", "&"));
        changes.put("an unknown entity", text -> text.replaceFirst("每次", "&nbsp;"));
        changes.put("a control", text -> text.replaceFirst("每次", "\u0007"));
        changes.put("an escaped control", text -> text.replaceFirst("每次", "&#7;"));
        changes.put("an escaped zero", text -> text.replaceFirst("每次", "&#0;"));
        changes.put("half a pair", text -> text.replaceFirst("每次", "&#xD83D;"));
        changes.put("a noncharacter", text -> text.replaceFirst("每次", "&#xFFFE;"));
        changes.put("never closed", text -> text.replaceFirst("</entry>", ""));
        changes.put("closed by another", text -> text.replaceFirst("</entry>", "</Entry>"));
        changes.put("a prefix undeclared", text -> text.replaceFirst("<type ", "<f:type "));
        changes.put(
                "an include",
                text ->
                        text.replaceFirst(
                                "<type ",
                                "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\""
                                        + " href=\"file:///etc/passwd\"/><type "));
        changes.put(
                "a script in a narrative",
                text -> text.replaceFirst("<div[^>]*>", "$0<script>x</script>"));
        changes.put(
                "a resource of none",
                text ->
                        text.replaceFirst(
                                "<resource><Composition.*?</Composition></resource>",
                                "<resource/>"));
        changes.put(
                "two resources", text -> text.replaceFirst("</resource>", "<Patient/></resource>"));
        changes.put(
                "an unknown resource",
                text ->
                        text.replaceFirst("<Composition", "<Odd")
                                .replaceFirst("</Composition>", "</Odd>"));
        changes.forEach((name, change) -> bad(name, change.apply(text())));
        bad("deep", ROOT + "<extension url=\"a\">".repeat(5_000));
        bad(
                "deep and closed",
                ROOT
                        + "<extension url=\"a\">".repeat(5_000)
                        + "</extension>".repeat(5_000)
                        + "</Bundle>");
        bad("a JSON document", document.get().toString());
        bad("an empty Bundle", ROOT + "</Bundle>");
        bad("html", "<html><body/></html>");
        bad("blanks", " \n ");
    }

    /// What stood before stands behind.
    private static String moved(String text) {
        String type = "<type value=\"document\"/>";
        return text.replaceFirst(type, "").replaceFirst("</Bundle>", type + "</Bundle>");
    }

    /// Values that are none of their element's.
    private void elements() {
        Map<String, String> patterns = new LinkedHashMap<>();
        patterns.put("timestamp", "<timestamp value=\"[^\"]*\"");
        patterns.put("birthDate", "<birthDate value=\"[^\"]*\"");
        patterns.put("gender", "<gender value=\"[^\"]*\"");
        patterns.put("authoredOn", "<authoredOn value=\"[^\"]*\"");
        patterns.put("intent", "<intent value=\"[^\"]*\"");
        patterns.forEach((name, pattern) -> {
            for (String value : List.of("x", " ", "2026-13-45", "7", "<", "2026-02-30T00:00:00Z")) {
                if (!value.equals("7") || !name.equals("timestamp")) {
                    bad(
                            name + " is " + value,
                            text().replaceFirst(pattern, '<' + name + " value=\"" + value + '"'));
                }
            }
        });
    }

    private void encoded() {
        for (String charset : List.of("UTF-16", "UTF-32", "GB18030")) {
            cases.add(
                    new Case(
                            "in " + charset + ", undeclared",
                            text().getBytes(Charset.forName(charset)),
                            false));
        }
        bad("another encoding declared", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + text());
        bad("an unknown encoding", "<?xml version=\"1.0\" encoding=\"nonsense\"?>" + text());
        bad("a declaration too late", " <?xml version=\"1.0\"?>" + text());
    }

    private void dressed() {
        good("as it is", text());
        good("declared", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text());
        good("a comment", "<!-- one -->" + text());
        good("blanks between", text().replace("><", "> \n\t<"));
        good("single quotes", text().replaceFirst("value=\"document\"", "value='document'"));
        good("an escape", text().replaceFirst("每次", "&#x6BCF;&#27425;"));
        good(
                "a closed element in full",
                text().replaceFirst(
                                "<type value=\"document\"/>", "<type value=\"document\"></type>"));
    }
}
