"""Who comes in where: the names of people -> the addresses they may read, or post to."""

READS: dict[str, str] = {
    "nobody Asta Ulla Karl Dora Sanne Mads Fie": """
        applicant:new
        demo-digital-post
        demo-mail
        guardian
        health
        health-ready
        invitation
        leader
        letters:questions_pdf
        letters:verify
        pulje:accessibility
        pulje:demo_identity
        pulje:front
        pulje:identity_begin
        pulje:identity_return
        pulje:decisions_feed
        pulje:log_in
        pulje:meeting
        pulje:meeting_file
        pulje:meetings
        pulje:meetings_ics
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
        subscription:end_mails
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
        staff:impartiality
        staff:ties
    """,
    "Asta Karl Dora Fie": """
        letters:application_pdf
    """,
    "Karl Dora Sanne Mads": """
        staff:agenda_item
        staff:attendance
        staff:board
        staff:close_meeting
        staff:conflict
        staff:correct_ruling
        staff:held_meetings
        staff:item_attachment
        staff:item_attachment_view
        staff:meeting
        staff:meetings
        staff:minutes
        staff:next_meeting
        staff:packet
        staff:rule
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
        staff:inbox
        staff:jobs
        staff:journal
        staff:journal_csv
        staff:move_pool
        staff:numbers
        staff:payments
        staff:pool
        staff:pools
        staff:post
        staff:saved_views
    """,
    "Dora": "letters:approve_standard",
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
        letters:delete_text
        letters:guidance
        letters:text
        letters:text_gallery
        letters:text_pdf
        letters:text_picture
        letters:text_version
        letters:texts
        letters:all letters:batch letters:failed letters:letter letters:print_file
        letters:send
        letters:zip
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
        staff:contact
        staff:reach
        staff:key_in
        staff:register
    """,
    "Sanne": """
        staff:decisions
        staff:follow
        staff:raise_frame
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
        letters:verify
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
        subscription:end_mails
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
        staff:impartiality
        staff:ties
    """,
    "Karl Dora Sanne Mads": """
        staff:approve_minutes
        staff:close_meeting
        staff:conflict
        staff:correct_ruling
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
        letters:approve_guidance
        letters:approve_text
        letters:delete_text
        letters:end_text
        letters:guidance
        letters:guidance_preview
        letters:text
        letters:text_preview
        letters:act_on_failed letters:approve letters:make_batch letters:print_file letters:send
        letters:steer_batch letters:zip letters:channel
        letters:correct
        letters:remake
        letters:remake_many
        letters:download_case
        letters:export_case
        letters:retry
        letters:retry_export
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
        applicant:answer_control
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
    "Fie": "staff:confirm_payment staff:reject_payment",
    "Karl": """
        staff:act
        staff:choose_scenario
        staff:move_pool
        staff:contact
        staff:reach
        staff:key_in
        staff:register
        staff:steer_job
    """,
    "Sanne Mads": """
        staff:ask_administration
        staff:save_note
        staff:raise_conflict
    """,
    "Sanne": """
        staff:decisions
        staff:attendance
        staff:follow
        staff:raise_frame
        staff:rule
        staff:take
        staff:settle_conflict
    """,
    "Dora": "letters:approve_standard",
}
