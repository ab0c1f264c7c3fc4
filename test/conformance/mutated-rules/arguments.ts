/** Why mutations that are not told at their place need not be, or cannot be without a cloud. */
import type { Argument } from '../../support/mutation-report.ts';

const DROPPED = /drop (a member|an item)|empty/;
const MISSPELLED = /misspell a (text|reference|word)|drop a sign/;

/** Of what stands around rules in a template. */
const AROUND: readonly Argument[] = [
  {
    why: 'Resource Manager reads the names of members in any letter case',
    path: /^template |^\/dataSources\/copy\b/,
    operators: /change the case/,
  },
  {
    why: 'then the inner template knows the outer names: told where it uses its own',
    path: /^template .*\/expressionEvaluationOptions\b/,
  },
  {
    why: 'told at the value that is not among the allowed ones any more',
    path: /^template .*\/allowedValues\b/,
    verdicts: ['elsewhere'],
  },
  {
    why: 'told where the value is asked for something it has not',
    path: /^template .*\/parameters\/queries\/value$|^\/dataSources\/copy\/\*\/count$/,
    verdicts: ['elsewhere'],
  },
  {
    why: 'another type is another resource: told as no rule, or where what it gives is missed',
    path: /^template .*\/type$/,
    verdicts: ['elsewhere', 'no rule'],
  },
  {
    why: 'the resources that held a rule are gone: told that there is none',
    path: /^template .*\/(resources(\/\*(\/properties)?)?|template)$/,
    verdicts: ['no rule'],
  },
  {
    why: 'another value of the same type, in which nothing is wrong',
    path: /^template .*\/(variables\/|defaultValue$|defaultValue\/)/,
    operators: /misspell a (text|reference|word)|drop an item|repeat|empty a text|to empty list/,
  },
  {
    why: 'not looked at: what form Resource Manager asks of declarations, outputs and other resources; a value that is lost by it counts as not known',
    path: /^template /,
  },
];

export const ARGUMENTS: readonly Argument[] = [
  ...AROUND,
  {
    why: 'a rule less is a document of fewer rules; rules twice are told of when rules are compared',
    path: /^$/,
    operators: /drop an item|repeat an item/,
  },
  {
    why: 'one stream twice is more than one: told at the transformation that takes one only',
    path: /^\/dataFlows\/\*\/streams\/\*$/,
    operators: /repeat/,
    verdicts: ['elsewhere'],
  },
  {
    why: 'told at the variable, default value or parameter that the expression takes',
    path: /^\/(dataSources|destinations|dataFlows)\//,
    operators: /list to its first item|text to list|repeat an item/,
    verdicts: ['elsewhere'],
  },
  {
    why: 'programs that deploy read these members of a resource, agents do not',
    path: /^\/(tags|identity|dependsOn)\b/,
  },
  {
    why: 'the service writes these and reads them from nobody',
    path: /^\/(id|immutableId|systemData|etag|provisioningState|metadata|endpoints)\b/,
  },
  {
    why: 'an expression may give the whole list',
    path: /^\/(dataSources|destinations|dataFlows)\//,
    operators: /list to its first item/,
    verdicts: ['silent'],
  },
  {
    why: 'settings of extensions and labels of forwarders are languages of their own',
    path: /\/(extensionSettings|labelIncludeFilter)\b/,
  },
  {
    why: 'what a processor is configured with is a preview without a specification',
    path: /\/configuration\b/,
  },
  { why: 'free text', path: /\/description$/ },
  {
    why: 'the region may be told beside the rule, and which there are is for the service to say',
    path: /^\/location$/,
  },
  { why: 'a file need not say the name of its rule, and any will do', path: /^\/name$/ },
  {
    why: 'a rule is known by its form; without a version it is of the newest',
    path: /^\/(type|apiVersion)$/,
    verdicts: ['silent'],
  },
  {
    why: 'another type is another resource: told that there is no rule',
    path: /^\/type$/,
    verdicts: ['no rule'],
  },
  {
    why: 'a rule of no kind is for every agent; what it then lacks is told where it is missing',
    path: /^\/kind$/,
    operators: DROPPED,
  },
  {
    why: 'nothing is left that looks like a rule: told of the whole, or that there is none',
    path: /^\/properties$/,
    operators: /to empty object|drop a member/,
  },
  {
    why: 'told of all data sources: there is none any more',
    path: /^\/dataSources\//,
    verdicts: ['elsewhere'],
  },
  {
    why: 'the published schema requires none of these, and whether a resource exists is for the service to say',
    path: /(ResourceId|EndpointId|\/resourceId|blobUrl|databaseName|containerName)$/,
  },
  {
    why: 'an item twice asks for what is asked for already; what flows do alike an agent does once',
    path: /\/\*$/,
    operators: /repeat/,
  },
  {
    why: 'without it the stream is sent as it comes: told at the streams where that fails',
    path: /\/transformKql$/,
    operators: DROPPED,
  },
  {
    why: 'a new column, a text to compare with, a member of a dynamic value, or of a table whose columns are not known',
    path: /\/transformKql$/,
    operators: MISSPELLED,
  },
  {
    why: 'told at the transformation that misses the column',
    path: /^\/streamDeclarations\/<stream>\/columns\b/,
    verdicts: ['elsewhere'],
  },
  {
    why: 'a column that nothing refers to may have any name',
    path: /^\/streamDeclarations\/<stream>\/columns\/\*\/name$/,
    operators: MISSPELLED,
  },
  {
    why: 'a name that nothing refers to may be any',
    path: /\/name$/,
    operators: MISSPELLED,
  },
  {
    why: 'only the machine knows which files, counters, providers, extensions and attributes it has',
    path: /\/(filePatterns|logDirectories|counterSpecifiers|enrichWithResourceAttributes)\/\*$|\/(provider|extensionName|consumerGroup|attributeName|attributeValue)$/,
    operators: MISSPELLED,
  },
  {
    why: 'a channel, provider, field or value that events may have, or another bound',
    path: /\/xPathQueries\/\*$/,
    operators: MISSPELLED,
  },
  {
    why: 'only the service knows which tables there are',
    path: /\/(outputStream|streams\/\*)$/,
    operators: MISSPELLED,
  },
  {
    why: 'to what it refers is not documented',
    path: /\/enrichWithReference$/,
    operators: MISSPELLED,
  },
  {
    why: 'seven seconds are a rate',
    path: /\/samplingFrequencyInSeconds$/,
    operators: /to number/,
  },
  {
    why: 'the table has the name of the stream then, and only the service knows which there are',
    path: /\/outputStream$/,
    operators: /drop a member/,
  },
  {
    why: 'optional, or one of several: without it the rule asks for less, or for the default',
    path: /./,
    operators: /drop (a member|an item)|empty a text|to empty (list|object)/,
    verdicts: ['silent'],
  },
];
