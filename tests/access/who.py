"""Who comes in where: the names of people -> the addresses they may read, or post to."""

READS: dict[str, str] = {
    "nobody Asta Ulla Karl Dora Sanne Mads Fie": """
        applicant:new
        demo-mail
        guardian
        health
        health-ready
        invitation
        leader
        letters:questions_pdf
        pulje:accessibility
        pulje:demo_identity
        pulje:front
        pulje:identity_begin
        pulje:identity_return
        pulje:log_in
        pulje:pool
        pulje:privacy
        pulje:questions
        pulje:selfcheck
        pulje:source
        pulje:supported
        set_language
        start:begin
        start:link
        start:sent
        subscription:asked
        subscription:confirm_subscription
        subscription:end_subscription
        subscription:tell_me
    """,
    "Asta Ulla Karl Dora Sanne Mads Fie": """
        applicant:accounts
        applicant:mine
        applicant:preferences
        pulje:home
        sign
        staff:sag/overblik/
        start:ask_for_mail
    """,
    "Karl Dora Sanne Mads Fie": """
        staff:ties
    """,
    "Asta Karl Dora Fie": """
        letters:application_pdf
    """,
    "Karl Dora Sanne Mads": """
        staff:agenda_item
        staff:attendance
        staff:conflict
        staff:held_meetings
        staff:item_attachment
        staff:item_attachment_view
        staff:meeting
        staff:meetings
        staff:minutes
        staff:next_meeting
        staff:packet
        staff:packet_file
        staff:packet_progress
        staff:packets
    """,
    "Karl Dora Fie": """
        staff:act
        staff:all_cases
        staff:applicant
        staff:applicants
        staff:attachment
        staff:attachment_picture
        staff:attachment_view
        staff:batch
        staff:bulk
        staff:case
        staff:compare
        staff:confirm_right
        staff:disqualify
        staff:documents
        staff:documents_csv
        staff:export
        staff:impartiality
        staff:inbox
        staff:jobs
        staff:journal
        staff:journal_csv
        staff:move_pool
        staff:numbers
        staff:payments
        staff:pool
        staff:pools
        staff:saved_views
    """,
    "Mads": """
        staff:urgent
    """,
    "Sanne Mads": """
        staff:raise_conflict
    """,
    "Dora Sanne": """
        staff:change_committee
        staff:committee
        staff:committees
        staff:complaints
        staff:end_seat
        staff:headings
        staff:new_committee
        staff:new_seat
    """,
    "Karl Dora": """
        letters:all
        staff:absence
        staff:change_scenario
        staff:delete_part
        staff:delete_row
        staff:delete_scenario
        staff:demands
        staff:end_tie
        staff:gate
        staff:merge
        staff:new_gate
        staff:new_pool
        staff:new_question
        staff:new_row
        staff:new_scenario
        staff:pool_form
        staff:pool_frame
        staff:pool_part
        staff:pool_row
        staff:pool_setup
        staff:pool_versions
        staff:preview_form
        staff:preview_pool
        staff:question
        staff:scenario
        staff:scenarios
        staff:scenarios_file
        staff:transfer
    """,
    "Karl Sanne": """
        staff:cancel_meeting
        staff:change_meeting
        staff:lock_agenda
        staff:plan_meeting
        staff:prepare_item
        staff:prepare_meeting
        staff:prepare_point
    """,
    "Asta": """
        applicant:account
        applicant:attachment
        applicant:attachment_picture
        applicant:case
        applicant:change
        applicant:copy
        applicant:decline
        applicant:draft_attachments
        applicant:draft_budget
        applicant:draft_change
        applicant:draft_idea
        applicant:draft_review
        applicant:draft_who
        applicant:edit
        applicant:receipt
        applicant:remove_attachment
        applicant:report
        applicant:withdraw
    """,
    "Fie": """
        staff:batch_file
        staff:reject_payment
    """,
    "Karl": """
        staff:choose_scenario
        staff:delete_saved_view
        staff:job
        staff:register
    """,
    "Sanne": """
        staff:decisions
        staff:follow
        staff:settle_conflict
    """,
}

WRITES: dict[str, str] = {
    "nobody Asta Ulla Karl Dora Sanne Mads Fie": """
        applicant:new
        guardian
        health
        health-ready
        invitation
        leader
        pulje:accessibility
        pulje:demo_identity
        pulje:front
        pulje:log_in
        pulje:pool
        pulje:privacy
        pulje:questions
        pulje:selfcheck
        pulje:source
        pulje:supported
        set_language
        start:begin
        start:link
        subscription:confirm_subscription
        subscription:end_subscription
        subscription:tell_me
    """,
    "Asta Ulla Karl Dora Sanne Mads Fie": """
        applicant:calendar
        applicant:preferences
        pulje:home
        pulje:log_out
        sign
        staff:sag/overblik/
        start:ask_for_mail
    """,
    "Karl Dora Sanne Mads Fie": """
        staff:ties
    """,
    "Karl Dora Sanne Mads": """
        staff:agenda_item
        staff:ask_administration
        staff:close_meeting
        staff:conflict
    """,
    "Karl Dora Fie": """
        staff:answer_member
        staff:approve_batch
        staff:ask_partner
        staff:checklist
        staff:claim
        staff:confirm_all
        staff:confirm_right
        staff:delete_saved_view
        staff:disqualify
        staff:entitle_attachment
        staff:export_batch
        staff:impartiality
        staff:payments
        staff:review_attachment
        staff:save_assessment
        staff:saved_views
        staff:set_theme
        staff:take_review
        staff:write_message
        staff:write_note
    """,
    "Karl Dora": """
        letters:approve
        letters:retry
        staff:absence
        staff:absence_over
        staff:change_scenario
        staff:copy_scenario
        staff:delete_part
        staff:delete_row
        staff:delete_scenario
        staff:demands
        staff:end_tie
        staff:gate
        staff:merge
        staff:move_part
        staff:move_row
        staff:new_gate
        staff:new_pool
        staff:new_question
        staff:new_row
        staff:new_scenario
        staff:pool_frame
        staff:pool_part
        staff:pool_row
        staff:publish_pool
        staff:question
        staff:scenario
        staff:set_version
        staff:transfer
        staff:try_pool
    """,
    "Dora Sanne": """
        staff:change_committee
        staff:end_seat
        staff:headings
        staff:new_committee
        staff:new_seat
    """,
    "Karl Dora Sanne": """
        staff:make_packet
        staff:retry_packet
    """,
    "Karl Sanne": """
        staff:cancel_meeting
        staff:change_meeting
        staff:lock_agenda
        staff:plan_meeting
        staff:prepare_item
        staff:prepare_meeting
        staff:prepare_point
    """,
    "Asta": """
        applicant:accept
        applicant:answer_hearing
        applicant:answer_information
        applicant:ask_partner
        applicant:change
        applicant:copy
        applicant:decline
        applicant:draft_attachments
        applicant:draft_budget
        applicant:draft_change
        applicant:draft_idea
        applicant:draft_review
        applicant:draft_who
        applicant:edit
        applicant:open_decision
        applicant:remove_attachment
        applicant:report
        applicant:withdraw
        applicant:write_message
    """,
    "Fie": """
        staff:confirm_payment
        staff:reject_payment
    """,
    "Karl": """
        staff:act
        staff:choose_scenario
        staff:move_pool
        staff:register
        staff:steer_job
    """,
    "Sanne Mads": """
        staff:raise_conflict
    """,
    "Sanne": """
        staff:decisions
        staff:attendance
        staff:follow
        staff:settle_conflict
    """,
}
