/**
 * Stands in a pattern for the site's sensitive relations as statements write them: `app.payments`, `"app"."payments"`,
 * or `payments` alone behind FROM, JOIN and the like. The site policy fills it in when the pack is compiled; to PCRE2 it is
 * a comment. Match without regard to case.
 */
export const SENSITIVE_RELATIONS = "(?#sensitive-relations)";
