-- 0003_field: from the drawn target to its public result: notices, records of visits, follow-up, what the public says.

-- notices 检查通知书 ---------------------------------------------------------------------------------------------------

-- records 检查记录 and evidence ----------------------------------------------------------------------------------------

-- follow-up 后续监管, leads 线索, campaigns 专项检查 -------------------------------------------------------------------------

-- what enterprises and citizens say: ratings, objections, reports ------------------------------------------------------

-- exchange with other platforms ----------------------------------------------------------------------------------------

-- visits that are made together ----------------------------------------------------------------------------------------
