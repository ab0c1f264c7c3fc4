/**
 * Functions of Kusto that transformations are not documented to have. Names only, to tell what is
 * misspelled from what may be refused. Source: Kusto.Language (microsoft/Kusto-Query-Language,
 * Functions and Aggregates), read 2026-11.
 */

/** Functions of one record. */
export const OTHER_FUNCTIONS: ReadonlySet<string> = new Set(
  words(`
  cluster database table external_table materialized_view entity_group stored_query_result
  graph strcat_array array_strcat strcmp strrep string_size to_utf8
  unicode_codepoints_from_string regex_quote indexof_regex has_any_index reverse
  parse_command_line extractall extractjson extract_json replace_strings trim_start trim_end
  trim translate make_string unicode_codepoints_to_string tohex toobject totime toboolean
  todecimal url_encode url_encode_component url_decode base64_encode_tostring
  base64_decode_tostring base64_decode_toarray base64_decode_toguid base64_encode_fromguid
  base64_encode_fromarray zlib_decompress_from_base64_string zlib_compress_to_base64_string
  gzip_decompress_from_base64_string gzip_compress_to_base64_string parse_csv parsejson
  parseurl parse_url parseurlquery parse_urlquery parse_ipv4 parse_ipv4_mask format_ipv4
  format_ipv4_mask ipv4_compare ipv4_is_match ipv4_is_in_range ipv4_is_in_any_range
  ipv4_netmask_suffix ipv4_is_private ipv4_range_to_cidr_list parse_ipv6 parse_ipv6_mask
  ipv6_compare ipv6_is_match ipv6_is_in_range ipv6_is_in_any_range parse_path parse_user_agent
  parse_version format_datetime format_timespan week_of_year monthofyear datepart
  unixtime_seconds_todatetime unixtime_microseconds_todatetime unixtime_nanoseconds_todatetime
  datetime_local_to_utc datetime_utc_to_local datetime_list_timezones punycode_to_string
  punycode_from_string punycode_domain_from_string punycode_domain_to_string hash
  hash_xxhash64 hash_md5 hash_sha1 hash_combine hash_many assert bin_at bin_auto notnull
  notempty isascii isutf8 iscolumnexists around bitset_count_ones treepath repeat arraylength
  array_reverse range array_iff array_iif array_index_of set_has_element array_slice
  array_split array_shift_left array_shift_right array_rotate_left array_rotate_right
  array_sort_asc array_sort_desc pack_dictionary bag_pack_columns pack_all set_union
  set_intersect set_difference set_equals dynamic_to_json bag_remove_keys bag_zip
  jaccard_index bag_has_key bag_set_key percentile_tdigest percentiles_array_tdigest
  percentrank_tdigest rank_tdigest tdigest_isvalid hll_isvalid dcount_hll array_sum sqrt pi
  cos sin tan acos asin atan atan2 cot degrees radians rand beta_cdf beta_inv beta_pdf gamma
  loggamma erf erfc welch_test all map inner_nodes node_degree_in node_degree_out node_id
  labels current_cluster_endpoint current_database current_principal current_principal_details
  current_principal_is_member_of extent_id extentid extent_tags current_node_id ingestion_time
  row_id cursor_after cursor_before_or_at cursor_current current_cursor format_bytes
  row_number row_cumsum row_rank row_rank_min row_rank_dense row_window_session prev next
  rowstore_ordinal_range estimate_data_size new_guid has_ipv4 has_ipv4_prefix has_any_ipv4
  has_any_ipv4_prefix column_names_of materialize toscalar totable
`),
);

/** Families of functions, by what stands behind `geo_` and `series_`. */
const FAMILIES: readonly (readonly [string, ReadonlySet<string>])[] = [
  [
    'geo_',
    new Set(
      words(`
  from_wkt angle azimuth distance_2points distance_point_to_line distance_point_to_polygon
  point_in_circle point_in_polygon point_buffer line_buffer polygon_buffer intersects_2lines
  intersection_2lines intersects_line_with_polygon intersection_line_with_polygon
  intersects_2polygons intersection_2polygons union_polygons_array union_lines_array
  polygon_to_s2cells line_to_s2cells polygon_densify polygon_area polygon_centroid
  polygon_perimeter line_length line_centroid line_densify line_simplify line_locate_point
  line_interpolate_point closest_point_on_line closest_point_on_polygon polygon_simplify
  simplify_polygons_array point_to_geohash geohash_to_central_point geohash_to_polygon
  geohash_neighbors point_to_s2cell s2cell_to_central_point s2cell_neighbors s2cell_to_polygon
  point_to_h3cell h3cell_to_central_point h3cell_to_polygon h3cell_neighbors h3cell_children
  h3cell_parent h3cell_rings h3cell_level polygon_to_h3cells info_from_ip_address
`),
    ),
  ],
  [
    'series_',
    new Set(
      words(`
  fir stats stats_dynamic fft ifft fit_poly fit_line fit_line_dynamic fit_2lines
  fit_2lines_dynamic outliers iir periods_detect periods_validate fill_backward fill_forward
  fill_const fill_linear add subtract multiply divide pow greater greater_equals less
  less_equals equals not_equals seasonal exp sign abs sin asin cos acos tan atan log floor
  ceiling decompose decompose_forecast decompose_anomalies pearson_correlation dot_product
  magnitude sum product cosine_similarity
`),
    ),
  ],
];

/** Functions of many records: they stand in `summarize`, which transformations do not have. */
export const AGGREGATIONS: ReadonlySet<string> = new Set(
  words(`
  sum sumif cnt count countif dcount dcountif tdigest tdigest_merge merge_tdigest hll hll_if
  hll_merge min minif max maxif avg avgif makelist make_list make_list_if make_list_with_nulls
  makeset make_set make_set_if passthrough make_dictionary make_bag make_bag_if buildschema
  binary_all_or binary_all_and binary_all_xor count_distinct count_distinctif percentile
  percentiles percentiles_array percentilew percentilesw percentilesw_array stdev stdevif
  stdevp variance varianceif variancep variancepif covariance covarianceif covariancep
  covariancepif any take_any anyif take_anyif arg_min arg_max argmin argmax
`),
);

/** Whether Kusto has this function of one record, documented for transformations or not. */
export function isKustoFunction(name: string): boolean {
  if (OTHER_FUNCTIONS.has(name)) return true;
  return FAMILIES.some(([prefix, rests]) => {
    return name.startsWith(prefix) && rests.has(name.slice(prefix.length));
  });
}

function words(list: string): string[] {
  return list.trim().split(/\s+/);
}
